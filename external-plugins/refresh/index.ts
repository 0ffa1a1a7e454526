import { z } from 'zod';
import { anyone, CutwaterError, globalSettings, none, plugin } from '../../core/plugin/index.ts';
import type { ProwJob } from '../../jobs/api/prowjob.ts';
import type {} from './port.ts';
import { jobsOf, latestOf } from './rules.ts';

/** Deck lists every job there is; what a report does not need is left out by those that know `omit`. */
const LIST = '/prowjobs.js?omit=annotations,decoration_config,pod_spec';
const LIMITS = { timeoutMs: 60_000, maxBytes: 256 * 1024 * 1024 };

/** Prow's flag --prow-url. */
const Refresh = z.object({ 'prow-url': z.string().default('').describe('Where deck is, which lists the jobs') });

const p = plugin({
  name: 'refresh',
  summary: 'Sets the statuses of a pull request again, as its jobs stand: useful when GitHub broke down or lost some.',
  needs: ['jobReports', 'pull', 'web'],
  config: globalSettings('refresh', Refresh.prefault({})),
  priority: 'report',
});

/** Prow: cmd/external-plugins/refresh. */
const refreshCommand = p.command({
  names: ['refresh'],
  args: none,
  on: 'pr',
  who: anyone,
  help: 'Sets the status contexts of the pull request again.',
  examples: ['/refresh'],
  async run({ event: { org, repo, number, source }, ports, config, log }) {
    if (source !== 'comment') return;
    const address = `${config['prow-url'].replace(/\/+$/, '')}${LIST}`;
    const { status, body } = await ports.web.get(address, LIMITS);
    if (status !== 200)
      throw new CutwaterError(status >= 500 ? 'transient' : 'invalid', `${address} answered ${status}`);
    const { head } = await ports.pull.get();
    const jobs = jobsOf(itemsOf(address, body), { org, repo, number, sha: head.sha });
    if (jobs.length === 0) return log.info('No prowjobs found.');
    await ports.jobReports.again(latestOf(jobs), jobs);
  },
});

function itemsOf(address: string, body: string): ProwJob[] {
  try {
    const { items } = JSON.parse(body) as { items: ProwJob[] | null };
    return items ?? [];
  } catch (error) {
    throw new CutwaterError('invalid', `${address} is no list of ProwJobs`, { cause: error });
  }
}

export const refresh = p.define({ commands: [refreshCommand] });
