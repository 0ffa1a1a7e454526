import { z } from 'zod';
import { type Combining, section } from '../../../core/config/section.ts';
import { parseTemplate } from '../../../core/config/template/template.ts';
import { messageOf } from '../../../core/errors.ts';
import type { ProwJob } from '../../api/prowjob.ts';
import { prowJobTemplateData } from '../../api/template-data.ts';
import { DEFAULT_TEMPLATE, type SlackReport } from './config.ts';

const TYPES = ['presubmit', 'postsubmit', 'periodic', 'batch'];
const STATES = ['scheduling', 'triggered', 'pending', 'success', 'failure', 'aborted', 'error'];

const schema = z.record(
  z.string(),
  z.object({
    job_types_to_report: z.array(z.string()).optional(),
    host: z.string().optional(),
    channel: z.string().default(''),
    job_states_to_report: z.array(z.string()).optional(),
    report_template: z.string().default(''),
    report: z.boolean().optional(),
  }),
);

/** The key `slack_reporter_configs`, by `*`, `org` or `org/repo` (Prow: pkg/config/config.go, SlackReporterConfigs). */
export const slackReporterConfigs = section({
  key: 'slack_reporter_configs',
  schema,
  merge: (base, additional) => {
    const twice = Object.keys(additional).find((key) => key in base);
    if (twice !== undefined) throw new Error(`config for org or repo ${twice} passed more than once`);
    return { ...base, ...additional };
  },
  finish: (value, view, file): Record<string, SlackReport> =>
    Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, checked(key, entry, view, file)])),
});

const NO_JOB: ProwJob = { apiVersion: 'prow.k8s.io/v1', kind: 'ProwJob', metadata: {}, spec: {}, status: {} };

function checked(key: string, entry: z.output<typeof schema>[string], view: Combining, file: string): SlackReport {
  const refuse = (field: string, message: string) =>
    view.problem(file, ['slack_reporter_configs', key, field], message);
  const report_template = entry.report_template || DEFAULT_TEMPLATE;
  if (!entry.channel) refuse('channel', 'channel must be set');
  // Prow takes any word here, and then never reports for it.
  for (const type of entry.job_types_to_report ?? [])
    if (!TYPES.includes(type)) view.warn(`slack_reporter_configs: ${key}: there are no ${type} jobs`);
  for (const state of entry.job_states_to_report ?? [])
    if (!STATES.includes(state)) view.warn(`slack_reporter_configs: ${key}: no job is ever in state ${state}`);
  try {
    parseTemplate('', report_template).execute(prowJobTemplateData(NO_JOB));
  } catch (error) {
    refuse('report_template', messageOf(error));
  }
  return { ...entry, report_template };
}
