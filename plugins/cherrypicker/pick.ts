import {
  type EventContext,
  hasCode,
  isTransient,
  messageOf,
  type PortMap,
  type PullRequest,
} from '../../core/plugin/index.ts';
import type { CherryPicker } from './config.ts';
import type { Request } from './requests.ts';
import { answer, bodyFor, branchFor, byHand, conflict, titleFor } from './words.ts';

type Needs = 'comments' | 'git' | 'issue' | 'labels' | 'people' | 'pull' | 'repo';
export type Context = Pick<
  EventContext<'pull_request', Needs, CherryPicker>,
  'at' | 'bot' | 'config' | 'log' | 'ports'
>;

/** GitHub lists no more commits of a pull request. */
const MOST_COMMITS = 250;

/** Takes a merged pull request over to another branch, as far as that goes, and tells who asked (Prow: Server.handle). */
export async function pick(context: Context, pull: PullRequest, request: Request): Promise<void> {
  const say = async (message: string) => void (await context.ports.comments.create(answer(request, message)));
  const to = await pushTarget(context, pull);
  if (typeof to === 'string') return say(to);
  const branch = branchFor(pull.number, request.target);
  const before = await context.ports.pull.openFrom(`${to.org}:${branch}`, request.target);
  if (before)
    return say(
      `new pull request could not be created: Looks like #${pull.number} has already been cherry picked in ${before.url}`,
    );
  if (pull.commits > MOST_COMMITS) return say(noPatch(`it has ${pull.commits} commits`));
  const own = (await context.ports.pull.commits()).filter(({ parents }) => parents.length === 1).map(({ sha }) => sha);
  const outcome = await context.ports.git.cherryPick({
    head: pull.head.sha,
    commits: own,
    target: request.target,
    branch,
    to,
    committer: context.bot,
  });
  if (outcome.kind === 'pushed')
    return open(context, pull, request, to.org === pull.base.org ? branch : `${to.org}:${branch}`);
  if (outcome.kind === 'conflict') {
    context.log.info({ 'target-branch': request.target }, 'A pull request does not apply on top of the target branch');
    return tellConflict(
      context,
      pull,
      request,
      `${conflict(pull.number, request.target, outcome)}\n\n${byHand(pull.number, request.target, own)}`,
    );
  }
  await say(refusal(outcome, request.target));
}

type Outcome = Awaited<ReturnType<PortMap['git']['cherryPick']>>;

function refusal(outcome: Exclude<Outcome, { kind: 'pushed' | 'conflict' }>, target: string): string {
  if (outcome.kind === 'no-branch') return `cannot checkout \`${target}\`: ${outcome.message}`;
  if (outcome.kind === 'no-commits') return noPatch(outcome.message);
  if (outcome.kind === 'push-refused') return `failed to push cherry-picked changes in GitHub: ${outcome.message}`;
  return `new pull request could not be created: branch \`${target}\` has these changes already`;
}

function noPatch(why: string): string {
  return `Failed to get PR patch from GitHub. This PR will need to be manually cherrypicked.\n<details><summary>Error message</summary>${why}</details>`;
}

/** The bot's fork; the repository itself where forking is forbidden, and for Apps, which have none. In words, why neither can be had. */
async function pushTarget(
  { ports, bot }: Context,
  { base }: PullRequest,
): Promise<{ org: string; repo: string } | string> {
  const central = { org: base.org, repo: base.repo };
  if (bot.endsWith('[bot]')) return central;
  try {
    return await ports.repo.fork(bot);
  } catch (error) {
    if (hasCode(error, 'forbidden')) return central;
    if (isTransient(error)) throw error;
    return `cannot decide how to push into ${base.org}/${base.repo}: ${messageOf(error)}`;
  }
}

async function open(
  { ports, at, config, log }: Context,
  pull: PullRequest,
  request: Request,
  head: string,
): Promise<void> {
  const say = async (message: string) => void (await ports.comments.create(answer(request, message)));
  const { requester, target, chain } = request;
  const assignee = config['use-prow-assignments'] ? requester : '';
  const original = { number: pull.number, body: pull.body, labels: await ports.labels.list() };
  let number: number;
  try {
    number = await ports.pull.create({
      title: titleFor(pull.title, target, pull.base.ref),
      body: bodyFor(original, assignee, chain),
      head,
      base: target,
    });
  } catch (error) {
    if (isTransient(error)) throw error;
    return say(`new pull request could not be created: ${messageOf(error)}`);
  }
  log.info({ 'target-branch': target, 'new-pull-request': number }, 'new pull request created');
  await say(`new pull request created: #${number}`);
  const created = at({ number });
  if (config.labels.length > 0) await created.labels.add(...config.labels);
  if (assignee) {
    await created.issue.assign(assignee).catch((err: unknown) => {
      if (isTransient(err)) throw err;
      // Whoever is no member cannot be assigned.
      log.warn({ err }, 'failed to assign to new PR');
    });
  }
}

async function tellConflict(
  { ports, config }: Context,
  pull: PullRequest,
  request: Request,
  words: string,
): Promise<void> {
  const say = async (message: string) => void (await ports.comments.create(answer(request, message)));
  await say(words);
  if (!config['create-issue-on-conflict']) return;
  try {
    const number = await ports.issue.create({
      title: titleFor(pull.title, request.target, pull.base.ref),
      body: `Manual cherrypick required.\n\n${words}`,
      assignees: [request.requester],
    });
    await say(`new issue created for failed cherrypick: #${number}`);
  } catch (error) {
    if (isTransient(error)) throw error;
    await say(`new issue could not be created for failed cherrypick: ${messageOf(error)}`);
  }
}
