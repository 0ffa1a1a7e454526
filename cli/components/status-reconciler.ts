import path from 'node:path';
import type { ConfigAgent } from '../../core/config/agent.ts';
import type { GitHub } from '../../core/github/github.ts';
import { asSpender } from '../../core/github/spender.ts';
import { hasLabel, triggerSettings, trustOf } from '../../core/plugin/index.ts';
import { direct } from '../../core/ports/direct.ts';
import { corePorts, type GitHubClient, type Target } from '../../core/ports/index.ts';
import { createStorage } from '../../core/storage/index.ts';
import type { JobsPort } from '../../jobs/api/jobs-port.ts';
import { baseShaOf, pullFacts } from '../../jobs/api/pull.ts';
import type { Presubmit } from '../../jobs/config/job.ts';
import { jobs as jobsSection } from '../../jobs/config/jobs.ts';
import type { jobsPort } from '../../jobs/port/port.ts';
import type { PresubmitsByRepo } from '../../jobs/statusreconciler/changes.ts';
import {
  type OpenPull,
  type ReconcilerDependencies,
  type ReconcilerPorts,
  StatusReconciler,
} from '../../jobs/statusreconciler/reconciler.ts';
import type { JobsContext, Running } from './context.ts';

const NAME = 'status-reconciler';
const OK_TO_TEST = 'ok-to-test';

export interface StatusReconcilerOptions extends Pick<JobsContext, 'config' | 'dryRun' | 'log'> {
  agent: Pick<ConfigAgent, 'subscribe'>;
  github: Pick<GitHub, 'forOrg' | 'botLogin'>;
  jobs: ReturnType<typeof jobsPort>;
  reconciling: Pick<ReconcilerDependencies, 'storage' | 'statusPath' | 'denylist' | 'denylistAll' | 'continueOnError'>;
}

/** How it is done inside the one program, which keeps what it knows in its own folder. */
export function reconcilingIn(dataDir: string): StatusReconcilerOptions['reconciling'] {
  const statusPath = path.resolve(dataDir, 'status-reconciler.json');
  return { storage: createStorage(), statusPath, denylist: [], denylistAll: [], continueOnError: true };
}

/** Keeps open pull requests mergeable when presubmits come, go, or change their context: looks at the start and after each reload. */
export function runStatusReconciler(options: StatusReconcilerOptions): Running {
  const { agent, config, dryRun } = options;
  const log = options.log.child({ controller: NAME });
  const reconciler = new StatusReconciler({
    ...options.reconciling,
    ports: reconcilerPorts(options),
    dryRun,
    log,
  });
  let work = reconciler.onConfig(presubmitsByRepo(config));
  const end = agent.subscribe(() => {
    work = reconciler.onConfig(presubmitsByRepo(config));
  });
  return {
    async stop(graceMs) {
      end();
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, graceMs);
      await Promise.race([work, late.promise]);
      clearTimeout(timer);
    },
  };
}

/** A name without a repository is that of no place where statuses stand. */
function presubmitsByRepo(config: JobsContext['config']): PresubmitsByRepo {
  return Object.fromEntries([...config().get(jobsSection).presubmits].filter(([name]) => name.includes('/')));
}

function reconcilerPorts(options: StatusReconcilerOptions): ReconcilerPorts {
  const { github } = options;
  const on = <T>(at: Target, ask: (gh: GitHubClient) => Promise<T>): Promise<T> =>
    asSpender({ plugin: NAME, repo: `${at.org}/${at.repo}`, priority: 'report' }, async () =>
      ask(await github.forOrg(at.org)),
    );
  return {
    openPulls: (org, repo) => on({ org, repo }, (gh) => openPulls(gh, org, repo)),
    statuses: (org, repo, sha) =>
      on({ org, repo }, async (gh) => {
        const found = await direct(corePorts.statuses, gh, { org, repo }).combined(sha);
        return found.map(({ url, context, state, description }) => ({ context, state, description, targetUrl: url }));
      }),
    createStatus: (org, repo, sha, { targetUrl, ...status }) =>
      on({ org, repo }, (gh) => direct(corePorts.statuses, gh, { org, repo }).set(sha, { ...status, url: targetUrl })),
    trusted: (org, repo, pull) => {
      const at = { org, repo, number: pull.number };
      return on(at, (gh) => isTrusted(options, gh, at, pull));
    },
    start: (org, repo, pull, wanted) => {
      const at = { org, repo, number: pull.number };
      return on(at, (gh) => start(options, gh, at, wanted));
    },
  };
}

async function openPulls(gh: GitHubClient, owner: string, repo: string): Promise<OpenPull[]> {
  const found = await gh.paginate('GET /repos/{owner}/{repo}/pulls', { owner, repo, state: 'open', per_page: 100 });
  return found.map(({ number, user, draft, head, base }) => ({
    number,
    author: user?.login ?? '',
    draft: draft ?? false,
    // The list does not say; whoever starts a job asks for the one pull request.
    mergeable: true,
    headSha: head.sha,
    baseRef: base.ref,
  }));
}

/** Trigger's rule (Prow: TrustedPullRequest). */
async function isTrusted(
  { config, github }: Pick<StatusReconcilerOptions, 'config' | 'github'>,
  gh: GitHubClient,
  at: Target,
  { author }: OpenPull,
): Promise<boolean> {
  const settings = triggerSettings.forRepo(config(), at.org, at.repo);
  const people = direct(corePorts.people, gh, at);
  if (await trustOf(author, await github.botLogin(), at.org, settings, people)) return true;
  return hasLabel(await direct(corePorts.labels, gh, at).list(), OK_TO_TEST);
}

/** Those of the jobs that run by themselves for what the pull request changes, named after it, so that a repetition starts nothing twice. */
async function start(
  options: Pick<StatusReconcilerOptions, 'jobs'>,
  gh: GitHubClient,
  at: Target,
  wanted: readonly Presubmit[],
): Promise<void> {
  const ports = {
    pull: direct(corePorts.pull, gh, at),
    repo: direct(corePorts.repo, gh, at),
    statuses: direct(corePorts.statuses, gh, at),
    jobs: direct(options.jobs, gh, at) as JobsPort,
  };
  const pull = await ports.pull.get();
  if (pull.state !== 'open' || pull.mergeable === false) return;
  const baseSha = await baseShaOf(ports, pull);
  const presubmits = await ports.jobs.presubmits({ baseSha, headSha: pull.head.sha });
  const decisions = await presubmits.select({ automatic: true }, pullFacts(ports, pull));
  const names = new Set(wanted.map(({ name }) => name));
  const chosen = decisions.filter(({ job, runs }) => runs && names.has(job.name)).map(({ job }) => job.name);
  if (chosen.length === 0) return;
  await ports.jobs.startPresubmits({
    jobs: chosen,
    pull: {
      number: pull.number,
      title: pull.title,
      author: pull.author,
      url: pull.url,
      headSha: pull.head.sha,
      headRef: pull.head.ref,
      baseRef: pull.base.ref,
      baseSha,
    },
    delivery: `${NAME}-${pull.head.sha}`,
  });
}
