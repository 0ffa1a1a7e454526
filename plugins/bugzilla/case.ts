import { type Bug, hasCode, isTransient } from '../../core/plugin/index.ts';
import type { BugEvent, Context } from './event.ts';
import type { BugOptions } from './options.ts';
import { errorMessage, REFRESH } from './words.ts';

/** What everything that is done about a bug works with. */
export interface Case {
  context: Context;
  event: BugEvent;
  options: BugOptions;
  /** Where Bugzilla is. */
  url: string;
}

/** The bug; undefined where there is none, which is then told. */
export async function findBug(
  { context, url }: Case,
  id: number,
  reply: (message: string) => Promise<void>,
): Promise<Bug | undefined> {
  try {
    return await context.ports.bugzilla.bug(id);
  } catch (error) {
    if (isTransient(error)) throw error;
    const missing = `No Bugzilla bug with ID ${id} exists in the tracker at ${url}.
Once a valid bug is referenced in the title of this pull request, request a bug refresh with ${REFRESH}.`;
    await reply(hasCode(error, 'not-found') ? missing : errorMessage('searching', url, id, error));
    return undefined;
  }
}

/** Does something with Bugzilla. Where that is refused, the reason is told and `undefined` comes back. */
export async function tried<T>(
  { event, url }: Case,
  id: number,
  action: string,
  act: () => Promise<T>,
): Promise<{ done: T } | undefined> {
  try {
    return { done: await act() };
  } catch (error) {
    if (isTransient(error)) throw error;
    await event.reply(errorMessage(action, url, id, error));
    return undefined;
  }
}

export function isAllowed({ groups }: Bug, { allowed_groups: allowed = [] }: BugOptions): boolean {
  return allowed.length === 0 || groups.every((group) => allowed.includes(group));
}
