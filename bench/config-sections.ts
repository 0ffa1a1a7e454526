import {
  defaultJobTimeout,
  podNamespace,
  prowjobDefaults,
  prowjobNamespace,
  scheduler,
} from '../jobs/config/general.ts';
import { jobs } from '../jobs/config/jobs.ts';
import { plank } from '../jobs/config/plank.ts';

/** What jobs need of the configuration. */
export const configSections = [
  defaultJobTimeout,
  jobs,
  plank,
  podNamespace,
  prowjobDefaults,
  prowjobNamespace,
  scheduler,
];
