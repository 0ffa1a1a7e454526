import { CutwaterError, hasCode, messageOf } from '../../core/errors.ts';
import type { Logger } from '../../core/log.ts';
import { type Storage, textOf } from '../../core/storage/index.ts';
import { runsOnBranch } from '../config/branches.ts';
import type { Presubmit } from '../config/job.ts';
import { type PresubmitsByRepo, type Renamed, renamedOn, statusChanges } from './changes.ts';
import { move, type ReconcilerStatus, retire } from './migrate.ts';

export interface OpenPull {
  number: number;
  author: string;
  draft: boolean;
  /** False only where GitHub knows that it conflicts. */
  mergeable: boolean;
  headSha: string;
  baseRef: string;
}

/** What the status reconciler asks of the others. Errors are CutwaterError. */
export interface ReconcilerPorts {
  openPulls(org: string, repo: string): Promise<OpenPull[]>;
  statuses(org: string, repo: string, sha: string): Promise<ReconcilerStatus[]>;
  createStatus(org: string, repo: string, sha: string, status: ReconcilerStatus): Promise<void>;
  /** Whether tests may run for the pull request (trigger's rule). */
  trusted(org: string, repo: string, pull: OpenPull): Promise<boolean>;
  /** Starts those of the jobs that run on the pull request's branch and for its files; starting one twice must start it once. */
  start(org: string, repo: string, pull: OpenPull, jobs: readonly Presubmit[]): Promise<void>;
}

export interface ReconcilerDependencies {
  ports: ReconcilerPorts;
  storage: Storage;
  /** Where the configuration is kept that was reconciled last, so that a change while we were away is seen (Prow: --status-path); nowhere unless given. */
  statusPath?: string | undefined;
  /** Orgs or `org/repo` where new presubmits are not started (Prow: --denylist). */
  denylist: readonly string[];
  /** Orgs or `org/repo` that are left alone altogether (Prow: --denylist-all). */
  denylistAll: readonly string[];
  /** Go on after a failure (Prow: --continue-on-error). */
  continueOnError: boolean;
  dryRun: boolean;
  log: Logger;
}

/** Keeps open pull requests mergeable when presubmits come, go, or change their context. Prow: pkg/statusreconciler. */
export class StatusReconciler {
  readonly #deps: ReconcilerDependencies;
  #last: PresubmitsByRepo | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(deps: ReconcilerDependencies) {
    this.#deps = deps;
  }

  /** Compares with the configuration before, and acts. Called at the start and after every reload; calls follow each other. Never throws. */
  onConfig(presubmits: PresubmitsByRepo): Promise<void> {
    this.#work = this.#work.then(() =>
      this.#reconcile(presubmits).catch((error: unknown) => {
        this.#deps.log.error({ error: messageOf(error) }, 'error reconciling statuses');
      }),
    );
    return this.#work;
  }

  async #reconcile(after: PresubmitsByRepo): Promise<void> {
    const { statusPath, storage, dryRun } = this.#deps;
    const before = this.#last ?? (statusPath && (await this.#load(statusPath)));
    // What failed is not tried again with the next change, as in Prow: the statuses of that time may be gone by then.
    this.#last = after;
    if (before) await this.#act(before, after);
    if (statusPath && !dryRun) await storage.write(statusPath, JSON.stringify(after));
  }

  async #load(statusPath: string): Promise<PresubmitsByRepo | undefined> {
    try {
      return JSON.parse(await textOf(await this.#deps.storage.read(statusPath))) as PresubmitsByRepo;
    } catch (error) {
      if (!hasCode(error, 'not-found'))
        this.#deps.log.warn({ error: messageOf(error) }, 'could not load the saved configuration');
      return undefined;
    }
  }

  async #act(before: PresubmitsByRepo, after: PresubmitsByRepo): Promise<void> {
    const { denylist, denylistAll } = this.#deps;
    const changes = statusChanges(before, after);
    const failures: string[] = [];
    for (const [repo, jobs] of changes.added) {
      if (!names([...denylist, ...denylistAll], repo))
        await this.#attempt(failures, () => this.#startAdded(repo, jobs, failures));
    }
    const migrations = [
      ...[...changes.removed].map(([repo, jobs]) => [repo, jobs.map((from) => ({ from, to: [] }))] as const),
      ...changes.renamed,
    ];
    for (const [repo, items] of migrations) {
      if (!names(denylistAll, repo)) await this.#attempt(failures, () => this.#migrate(repo, items, failures));
    }
    if (failures.length > 0) throw new CutwaterError('transient', failures.join('; '));
  }

  async #startAdded(repoName: string, jobs: readonly Presubmit[], failures: string[]): Promise<void> {
    const { ports, dryRun, log } = this.#deps;
    const [org, repo] = split(repoName);
    for (const pull of await ports.openPulls(org, repo)) {
      // A pull request that conflicts is tested once its author has pushed again.
      const wanted = jobs.filter((job) => runsOnBranch(job, pull.baseRef));
      if (pull.draft || !pull.mergeable || wanted.length === 0) continue;
      await this.#attempt(failures, async () => {
        if (!(await ports.trusted(org, repo, pull))) return;
        log.info(
          { org, repo, pull: pull.number, contexts: wanted.map(({ context }) => context) },
          'starting newly required presubmits',
        );
        if (!dryRun) await ports.start(org, repo, pull, wanted);
      });
    }
  }

  /** Those that nothing bears the name of any more are retired. */
  async #migrate(repoName: string, items: readonly Renamed[], failures: string[]): Promise<void> {
    const { ports, dryRun, log } = this.#deps;
    const [org, repo] = split(repoName);
    for (const pull of await ports.openPulls(org, repo)) {
      const concerned = items.filter(({ from }) => runsOnBranch(from, pull.baseRef));
      if (concerned.length === 0) continue;
      await this.#attempt(failures, async () => {
        const statuses = await ports.statuses(org, repo, pull.headSha);
        const wanted = concerned.flatMap((item) => {
          const { from, to } = item;
          if (to.length === 0) return retire(statuses, from.context);
          const context = renamedOn(item, pull.baseRef);
          return context === undefined ? [] : move(statuses, from.context, context);
        });
        for (const status of wanted) {
          log.info(
            { org, repo, pull: pull.number, context: status.context },
            'setting the status of a changed context',
          );
          if (!dryRun) await ports.createStatus(org, repo, pull.headSha, status);
        }
      });
    }
  }

  /** With continueOnError a failure is only remembered. */
  async #attempt(failures: string[], work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!this.#deps.continueOnError) throw error;
      failures.push(messageOf(error));
    }
  }
}

function names(entries: readonly string[], repoName: string): boolean {
  return entries.includes(repoName) || entries.includes(split(repoName)[0]);
}

function split(repoName: string): [org: string, repo: string] {
  const slash = repoName.indexOf('/');
  return [repoName.slice(0, slash), repoName.slice(slash + 1)];
}
