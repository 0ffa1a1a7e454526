import type { ProwJob, ProwJobSpec } from '../api/prowjob.ts';
import { marksOf } from './labels.ts';
import { withSlackReport } from './spec.ts';

export interface NewProwJob {
  /** The resource's name. */
  name: string;
  labels?: Record<string, string> | undefined;
  annotations?: Record<string, string> | undefined;
  /** RFC 3339; the start. */
  now: string;
  /** Whether the job first waits until a scheduler has chosen its cluster. */
  scheduling?: boolean | undefined;
}

/** A ProwJob as it is created (Prow: NewProwJob). */
export function newProwJob(spec: ProwJobSpec, wanted: NewProwJob): ProwJob {
  const { labels, annotations } = marksOf(spec, {
    ...(wanted.labels && { labels: wanted.labels }),
    ...(wanted.annotations && { annotations: wanted.annotations }),
  });
  const reporter = withSlackReport(spec.reporter_config);
  return {
    apiVersion: 'prow.k8s.io/v1',
    kind: 'ProwJob',
    metadata: { name: wanted.name, labels, annotations },
    spec: reporter ? { ...spec, reporter_config: reporter } : spec,
    status: { startTime: wanted.now, state: wanted.scheduling ? 'scheduling' : 'triggered' },
  };
}
