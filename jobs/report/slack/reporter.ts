import { parseTemplate } from '../../../core/config/template/template.ts';
import { CutwaterError, messageOf } from '../../../core/errors.ts';
import type { ProwJob } from '../../api/prowjob.ts';
import { prowJobTemplateData } from '../../api/template-data.ts';
import type { Reporter } from '../reporter.ts';
import type { SlackClient } from './client.ts';
import { DEFAULT_HOST, DEFAULT_TEMPLATE, entryFor, type SlackReport, settingsFor, wantsSlack } from './config.ts';

export interface SlackReporterDependencies {
  /** The section slack_reporter_configs. */
  config(): Readonly<Record<string, SlackReport>>;
  /** By host; `*` is the one of --slack-token-file. */
  clients: ReadonlyMap<string, SlackClient>;
}

/** Writes a message where slack_reporter_configs or the job itself ask for one. Prow: pkg/crier/reporters/slack. */
export function slackReporter({ config, clients }: SlackReporterDependencies): Reporter {
  const settings = (job: ProwJob) => settingsFor(entryFor(config(), job), job);
  return {
    name: 'slackreporter',
    shouldReport: (job) => wantsSlack(entryFor(config(), job), job),
    // Slack limits messages by channel: one that is full holds up no other.
    shardOf(job) {
      const { host, channel } = settings(job);
      return `${host || DEFAULT_HOST} ${channel ?? ''}`;
    },
    async report(job, signal) {
      const { host, channel = '', report_template: template } = settings(job);
      const client = clients.get(host || DEFAULT_HOST);
      if (!client) throw new CutwaterError('user', `host '${host || DEFAULT_HOST}' not supported`);
      await client.write(channel, render(template || DEFAULT_TEMPLATE, job), signal);
      return { reported: [job] };
    },
  };
}

/** A job's template is its author's; what is wrong with it is theirs to mend. */
function render(template: string, job: ProwJob): string {
  try {
    return parseTemplate('', template).execute(prowJobTemplateData(job));
  } catch (error) {
    throw new CutwaterError('user', `failed to execute report template: ${messageOf(error)}`);
  }
}
