import { hasCode, messageOf } from '../../../core/errors.ts';
import type { Logger } from '../../../core/log.ts';
import { ORG, PULL, REPO } from '../../api/labels.ts';
import { isComplete, type ProwJob, type ProwJobAgent } from '../../api/prowjob.ts';
import type { ProwJobStore } from '../../api/store.ts';
import { prowJobTemplateData } from '../../api/template-data.ts';
import { type Reporter, type ReportOutcome, repositoryShard } from '../reporter.ts';
import { commentText, planComment } from './comment.ts';
import { type GitHubReportConfig, lists } from './config.ts';
import { KeyedLock } from './lock.ts';
import type { ReportGitHub } from './port.ts';
import { isReportable, planStatus } from './status.ts';

const GERRIT_REPORT_LABEL = 'prow.k8s.io/gerrit-report-label';

export interface GitHubReporterDependencies {
  github: ReportGitHub;
  store: Pick<ProwJobStore, 'list'>;
  config(): GitHubReportConfig;
  /** Only jobs of this agent, where given (Prow: --report-agent). */
  agent?: ProwJobAgent | undefined;
  log: Logger;
}

/** Sets commit statuses and keeps one comment with the failed tests on each pull request. Prow: pkg/crier/reporters/github, pkg/github/report. */
export function githubReporter(deps: GitHubReporterDependencies): Reporter {
  const pulls = new KeyedLock();
  return {
    name: 'github-reporter',
    shardOf: repositoryShard,
    shouldReport: (job) => wants(job, deps.agent),
    async report(job): Promise<ReportOutcome> {
      const done = { reported: [job] };
      if (!(await setStatus(job, deps))) return done;
      const { refs } = job.spec;
      if (!refs || lists(deps.config().no_comment_repos, refs)) return done;
      const comment = () => reportComment(job, deps);
      // Two jobs of one pull request that end together must not each write a comment of their own.
      if (job.spec.type === 'presubmit')
        await pulls.run(`${refs.org}/${refs.repo}#${refs.pulls?.[0]?.number}`, comment);
      else await comment();
      return done;
    },
  };
}

function wants({ metadata, spec, status }: ProwJob, agent: ProwJobAgent | undefined): boolean {
  if (!spec.report || metadata.labels?.[GERRIT_REPORT_LABEL]) return false;
  if (spec.type !== 'presubmit' && spec.type !== 'postsubmit') return false;
  // A job that waits for its scheduler has nothing to tell yet.
  return status.state !== undefined && status.state !== 'scheduling' && (!agent || spec.agent === agent);
}

/** False where GitHub refuses the status for good: the commit is gone, or holds as many statuses as it may. */
async function setStatus(job: ProwJob, { github, config, log }: GitHubReporterDependencies): Promise<boolean> {
  const status = planStatus(job, config().job_types_to_report);
  const refs = job.spec.refs;
  if (!status || !refs) return true;
  const { sha, ...rest } = status;
  try {
    await github.createStatus(refs.org, refs.repo, sha, rest);
    return true;
  } catch (error) {
    if (!hasCode(error, 'not-found') && !hasCode(error, 'invalid')) throw error;
    log.info({ org: refs.org, repo: refs.repo, sha, error: messageOf(error) }, 'status refused, skipping retries');
    return false;
  }
}

async function reportComment(job: ProwJob, deps: GitHubReporterDependencies): Promise<void> {
  const config = deps.config();
  const { refs } = job.spec;
  const summary = refs !== undefined && lists(config.summary_comment_repos, refs);
  const candidates = summary ? await jobsOfPull(job, deps.store) : [job];
  const jobs = candidates.filter((each) => isComplete(each) && isReportable(each, config.job_types_to_report));
  const first = jobs[0];
  const pull = first?.spec.refs?.pulls?.[0];
  if (!first || !refs || !pull || first.spec.refs?.pulls?.length !== 1) return;

  const { github } = deps;
  const comments = await github.listIssueComments(refs.org, refs.repo, pull.number);
  const plan = planComment(jobs, sameLogin(await github.botName(refs.org)), comments);
  // The new comment stands before the old ones go: a crash in between leaves two, never none.
  const aborted = jobs.some(({ status }) => status.state === 'aborted');
  if (plan.rows.length > 0 || (summary && !aborted)) {
    const addition = config.reportTemplateFor(refs.org, refs.repo)?.execute(prowJobTemplateData(first));
    const text = commentText(pull.author, plan.rows, addition);
    if (plan.update === undefined) await github.createComment(refs.org, refs.repo, pull.number, text);
    else await github.editComment(refs.org, refs.repo, plan.update, text);
  }
  for (const id of plan.deletes) await github.deleteComment(refs.org, refs.repo, id);
}

/** The newest run of each job of the pull request, once none runs any more (Prow: pjsToReport). */
async function jobsOfPull(job: ProwJob, store: Pick<ProwJobStore, 'list'>): Promise<ProwJob[]> {
  if (job.spec.refs?.pulls?.length !== 1) return [];
  const labels: Record<string, string> = {};
  for (const name of [ORG, REPO, PULL]) labels[name] = job.metadata.labels?.[name] ?? '';
  const { items } = await store.list({ labels });
  if (!items.every(isComplete)) return [];
  const newest = new Map<string, ProwJob>();
  for (const each of items.filter(({ spec }) => spec.report)) {
    const name = each.spec.job ?? '';
    const known = newest.get(name);
    if (!known || created(each) > created(known)) newest.set(name, each);
  }
  return [...newest.values()];
}

function created(job: ProwJob): number {
  return Date.parse(job.metadata.creationTimestamp ?? job.status.startTime ?? '') || 0;
}

function sameLogin(bot: string): (login: string) => boolean {
  const plain = (login: string) => login.replace(/\[bot\]$/, '').toLowerCase();
  return (login) => plain(login) === plain(bot);
}
