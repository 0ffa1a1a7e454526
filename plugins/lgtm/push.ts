import { hasLabel, type PullRequest, sameLogin } from '../../core/plugin/index.ts';
import { type Context, LGTM, type PullContext } from './needs.ts';
import { isSticky } from './sticky.ts';
import { removeLabel } from './vote.ts';
import { REMOVED_NOTICE, TREE_NOTICE } from './words.ts';

/** New commits take the label away, unless the author is trusted with it or the tree is the one that was looked at. */
export async function onNewCommits(context: PullContext): Promise<void> {
  const { event, ports } = context;
  const { pull } = event;
  if (!pull || pull.merged || !hasLabel(await ports.labels.list(), LGTM)) return;
  if (await isSticky(context, event.org, pull.author)) return;
  if (context.config.lgtm.store_tree_hash && (await isSameTree(context, pull))) return;
  await removeLabel(context, pull.author, pull.assignees);
  await ports.comments.create(REMOVED_NOTICE);
}

/** Only a note of the bot's own that nobody edited counts, and of those the last. */
async function isSameTree({ ports, bot }: Context, pull: PullRequest): Promise<boolean> {
  const notes = (await ports.comments.list()).filter(
    ({ author, createdAt, updatedAt }) => sameLogin(author, bot) && createdAt === updatedAt,
  );
  const hash = notes.map(({ body }) => TREE_NOTICE.exec(body)?.[1]).findLast((found) => found !== undefined);
  return hash !== undefined && hash !== '' && (await ports.repo.commit(pull.head.sha)).tree === hash;
}
