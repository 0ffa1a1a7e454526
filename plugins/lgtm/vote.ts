import { hasLabel, isTransient, normLogin, pruneComments, sameLogin } from '../../core/plugin/index.ts';
import { type Context, LGTM } from './needs.ts';
import { isSticky } from './sticky.ts';
import { REMOVED_NOTICE, TREE_NOTICE, treeNotice } from './words.ts';

/** Somebody gives or takes the label: by a command, or by a review that counts as one. */
export interface Vote {
  wants: boolean;
  org: string;
  /** Who votes. */
  user: string;
  /** Of the pull request. */
  author: string;
  assignees: readonly string[];
  reply(message: string): Promise<void>;
}

/** Prow: pkg/plugins/lgtm/lgtm.go, handle. */
export async function vote(context: Context, given: Vote): Promise<void> {
  const refusal = await refusalOf(context, given);
  if (refusal !== undefined) return given.reply(refusal);
  const has = hasLabel(await context.ports.labels.list(), LGTM);
  if (has && !given.wants) return takeAway(context, given);
  if (!has && given.wants) return add(context, given);
}

/** Why the vote does not count. Somebody whose vote counts for being a collaborator becomes an assignee. */
async function refusalOf({ ports, config, log }: Context, given: Vote): Promise<string | undefined> {
  const { user, author, assignees } = given;
  if (sameLogin(user, author)) return given.wants ? 'you cannot LGTM your own PR.' : undefined;
  if (config.owners.skipCollaborators) {
    const allowed = await ownersOfChange(ports);
    return allowed.has(normLogin(user))
      ? undefined
      : 'adding LGTM is restricted to approvers and reviewers in OWNERS files.';
  }
  if (!(await ports.people.isCollaborator(user))) return 'changing LGTM is restricted to collaborators';
  if (assignees.some((assignee) => sameLogin(assignee, user))) return undefined;
  try {
    await ports.issue.assign(user);
  } catch (err) {
    if (isTransient(err)) throw err;
    log.warn({ err, user }, 'GitHub does not let this reviewer be assigned');
  }
  return undefined;
}

/** Approvers and reviewers of any changed file. */
async function ownersOfChange(ports: Context['ports']): Promise<Set<string>> {
  const [pull, files] = await Promise.all([ports.pull.get(), ports.pull.files()]);
  const owners = await ports.owners.load(pull.base.ref);
  return new Set(files.flatMap(({ path }) => [...owners.approvers(path), ...owners.reviewers(path)].flat()));
}

async function add(context: Context, given: Vote): Promise<void> {
  const { ports, config, bot } = context;
  await ports.labels.add(LGTM);
  if (await isSticky(context, given.org, given.author)) return;
  if (config.lgtm.store_tree_hash) {
    const { head } = await ports.pull.get();
    await ports.comments.create(treeNotice((await ports.repo.commit(head.sha)).tree));
  }
  await pruneComments(ports.comments, bot, ({ body }) => body.includes(REMOVED_NOTICE));
}

async function takeAway(context: Context, given: Vote): Promise<void> {
  const { ports, config, bot } = context;
  await removeLabel(context, given.author, given.assignees);
  if (config.lgtm.store_tree_hash) await pruneComments(ports.comments, bot, ({ body }) => TREE_NOTICE.test(body));
}

/** Takes the label away; with stored tree hashes the assignees are asked for their review again, as in Prow. */
export async function removeLabel(
  { ports, config, log }: Context,
  author: string,
  assignees: readonly string[],
): Promise<void> {
  await ports.labels.remove(LGTM);
  const reviewers = assignees.filter((login) => !sameLogin(login, author));
  if (!config.lgtm.store_tree_hash || reviewers.length === 0) return;
  try {
    await ports.pull.requestReview(reviewers);
  } catch (err) {
    if (isTransient(err)) throw err;
    log.warn({ err, reviewers }, 'GitHub does not let these assignees be asked for a review');
  }
}
