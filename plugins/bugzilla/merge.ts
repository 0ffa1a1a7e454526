import type { Bug, LinkedPull } from '../../core/plugin/index.ts';
import { type Case, tried } from './case.ts';
import { allowedStates, isIn, moveTo } from './validate.ts';
import { bugLink, inWords, REFRESH } from './words.ts';

/** When the last pull request that a bug lists has merged, the bug moves on (Prow: handleMerge). */
export async function onMerge(about: Case, bug: Bug): Promise<void> {
  const { context, event, options, url } = about;
  const { state_after_merge: after } = options;
  const update = moveTo(after);
  if (!after || !update) return;
  const link = bugLink(bug.id, url);
  // A bug that somebody has moved elsewhere since is theirs.
  if ((options.valid_states || options.state_after_validation) && !isIn(bug, allowedStates(options)))
    return event.reply(
      `${link} is in an unrecognized state (${inWords(bug)}) and will not be moved to the ${inWords(after)} state.`,
    );
  const { bugzilla } = context.ports;
  const linked = await tried(about, bug.id, 'searching for external tracker bugs', () => bugzilla.pulls(bug.id));
  const progress = linked && (await progressOf(about, bug, linked.done));
  if (!progress) return;
  const { merged, open } = progress;
  const words = `pull requests linked via external trackers have merged:\n${merged.map((pull) => ` * ${pullLink(pull)}`).join('\n')}\n\n`;
  const moved = `been moved to the ${inWords(after)} state.`;
  if (open)
    return event.reply(
      `Some ${words}The following pull requests linked via external trackers have not merged:
 * ${pullLink(open.pull)} is ${open.state}

These pull request must merge or be unlinked from the Bugzilla bug in order for it to move to the next state. Once unlinked, request a bug refresh with ${REFRESH}.

${link} has not ${moved}`,
    );
  const action = `updating to the ${inWords(after)} state`;
  if (!(await tried(about, bug.id, action, () => bugzilla.update(bug.id, update)))) return;
  await event.reply(`All ${words}${link} has ${moved}`);
}

interface Progress {
  merged: LinkedPull[];
  /** The first that is not merged; no more are looked at then. */
  open?: { pull: LinkedPull; state: string };
}

/** Pull requests of repositories that no plugin is on for are passed over: they could be anybody's. */
async function progressOf(about: Case, bug: Bug, linked: readonly LinkedPull[]): Promise<Progress | undefined> {
  const { context, event } = about;
  const merged: LinkedPull[] = [];
  for (const pull of linked) {
    const { org, repo, number } = pull;
    const isThis = org === event.org && repo === event.repo && number === event.pull.number;
    if (!isThis && !context.config.knows(org, repo)) continue;
    const page = `https://github.com/${org}/${repo}/pull/${number}`;
    const found = isThis
      ? { done: event.pull }
      : await tried(about, bug.id, `checking the state of a related pull request at ${page}`, () =>
          context.at({ org, repo, number }).pull.get(),
        );
    if (!found) return undefined;
    if (!found.done.merged) return { merged, open: { pull, state: found.done.state } };
    merged.push(pull);
  }
  return { merged };
}

function pullLink({ org, repo, number }: LinkedPull): string {
  return `[${org}/${repo}#${number}](https://github.com/${org}/${repo}/pull/${number})`;
}
