import type { Comment, PortMap } from '../ports/index.ts';
import { sameLogin } from './who.ts';

/** Whether `name` is among the labels, which do not regard case on GitHub. */
export function hasLabel(labels: readonly string[], name: string): boolean {
  return labels.some((label) => label.toLowerCase() === name.toLowerCase());
}

/** Deletes the bot's own comments that have had their day (Prow: pkg/commentpruner). */
export async function pruneComments(
  comments: PortMap['comments'],
  bot: string,
  outdated: (comment: Comment) => boolean,
): Promise<void> {
  const own = (await comments.list()).filter(({ author }) => sameLogin(author, bot));
  for (const comment of own) if (outdated(comment)) await comments.delete(comment.id);
}
