import { own as ownOf } from '../../../core/own.ts';
import type { ProwJob } from '../../api/prowjob.ts';

export const DEFAULT_TEMPLATE =
  'Job {{.Spec.Job}} of type {{.Spec.Type}} ended with state {{.Status.State}}. <{{.Status.URL}}|View logs>';
/** The workspace of --slack-token-file; --additional-slack-token-files name others. */
export const DEFAULT_HOST = '*';

/** Which jobs Slack hears of, and how (an entry of slack_reporter_configs). */
export interface SlackReport {
  job_types_to_report?: readonly string[] | undefined;
  host?: string | undefined;
  channel?: string | undefined;
  job_states_to_report?: readonly string[] | undefined;
  report_template?: string | undefined;
  report?: boolean | undefined;
}

/** The entry of the job's repository, its organisation, or all (Prow: GetSlackReporter). */
export function entryFor(entries: Readonly<Record<string, SlackReport>>, { spec }: ProwJob): SlackReport {
  const refs = spec.refs ?? spec.extra_refs?.[0];
  const own = refs && (ownOf(entries, `${refs.org}/${refs.repo}`) ?? ownOf(entries, refs.org));
  return own ?? entries['*'] ?? {};
}

/** What the job itself says, with the entry's values for what it leaves open (Prow: SlackReporterConfig.ApplyDefault). */
export function settingsFor(entry: SlackReport, { spec }: ProwJob): Omit<SlackReport, 'job_types_to_report'> {
  const own = spec.reporter_config?.slack;
  // An empty list of states counts as absent; the loader made `report: false` of it.
  const states = own?.job_states_to_report?.length ? own.job_states_to_report : undefined;
  return {
    host: own?.host || entry.host,
    channel: own?.channel || entry.channel,
    job_states_to_report: states ?? entry.job_states_to_report,
    report_template: own?.report_template || entry.report_template,
    report: own?.report ?? entry.report,
  };
}

/** Whether Slack hears of the job in the state it is in: the state is wanted, and the type is, or the job names a channel of its own. */
export function wantsSlack(entry: SlackReport, job: ProwJob): boolean {
  const { state } = job.status;
  const settings = settingsFor(entry, job);
  if (state === undefined || settings.report === false || !settings.job_states_to_report?.includes(state)) return false;
  const typeWanted = job.spec.type !== undefined && entry.job_types_to_report?.includes(job.spec.type) === true;
  return typeWanted || Boolean(job.spec.reporter_config?.slack?.channel);
}
