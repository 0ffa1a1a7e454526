import { type Bug, isTransient } from '../../core/plugin/index.ts';
import { type Case, tried } from './case.ts';
import { moveTo } from './validate.ts';
import { bugLink, inWords } from './words.ts';

/** A pull request that was closed without a merge is taken off its bug, and a bug without any goes back (Prow: handleClose). */
export async function onClose(about: Case, bug: Bug): Promise<void> {
  const { context, event, options, url } = about;
  if (!options.add_external_link) return;
  const { org, repo, pull } = event;
  const removed = await tried(about, bug.id, 'removing this pull request from the external tracker bugs', () =>
    context.ports.bugzilla.removePull(bug.id, { org, repo, number: pull.number }),
  );
  const moved = removed && (await moveBack(about, bug));
  if (!removed?.done || moved === undefined) return;
  await event.reply(
    `This pull request references ${bugLink(bug.id, url)}. The bug has been updated to no longer refer to the pull request using the external bug tracker.${moved}`,
  );
}

/** Gives what is to be told of it; undefined where Bugzilla refused. */
async function moveBack(about: Case, bug: Bug): Promise<string | undefined> {
  const { context, options } = about;
  const { bugzilla } = context.ports;
  const { state_after_close: after } = options;
  if (!after || bug.status === 'CLOSED') return '';
  const links = await tried(about, bug.id, 'getting external tracker bugs', () => bugzilla.pulls(bug.id));
  if (!links) return undefined;
  if (links.done.length > 0) return '';
  const update = moveTo(after, bug);
  const action = `updating to the ${inWords(after)} state`;
  if (update && !(await tried(about, bug.id, action, () => bugzilla.update(bug.id, update)))) return undefined;
  const moved = ` All external bug links have been closed. The bug has been moved to the ${inWords(after)} state.`;
  return `${update ? moved : ''}${await explain(about, bug, after.status)}`;
}

async function explain({ context, event }: Case, bug: Bug, status: string): Promise<string> {
  const page = `https://github.com/${event.org}/${event.repo}/pull/${event.pull.number}`;
  try {
    const why = `Bug status changed to ${status} as previous linked PR ${page} has been closed`;
    await context.ports.bugzilla.comment(bug.id, why);
    return '';
  } catch (error) {
    if (isTransient(error)) throw error;
    return '\nWarning: Failed to comment on Bugzilla bug with reason for changed state.';
  }
}
