import { type Bug, type BugComment, isTransient, messageOf } from '../../core/plugin/index.ts';
import { type Case, findBug, isAllowed, tried } from './case.ts';
import { bugOf, retitled } from './event.ts';
import { bugLink, errorMessage, REFRESH } from './words.ts';

/** A cherry-pick of a change with a bug gets a clone of that bug, for the release of its branch (Prow: handleCherrypick). */
export async function cloneForPick(about: Case, from: number): Promise<void> {
  const { context, event, options, url } = about;
  const { bugzilla } = context.ports;
  const id = await bugOfPull(about, from);
  if (id === undefined) return;
  const bug = await findBug(about, id, (message) =>
    event.reply(`Failed to create a cherry-pick bug in Bugzilla: ${message}`),
  );
  if (!bug || !isAllowed(bug, options)) return;
  const link = bugLink(id, url);
  const { target_release: release } = options;
  const getClones = 'creating a cherry-pick bug in Bugzilla: could not get list of clones';
  const clones = await tried(about, id, getClones, () => clonesOf(about, bug));
  if (!clones) return;
  if (release === undefined)
    return event.reply(
      `Could not make automatic cherrypick of ${link} for this PR as the target_release is not set for this branch in the bugzilla plugin config. Running refresh:\n/bugzilla refresh`,
    );
  const { title } = event.pull;
  const there = clones.done.find(({ target_release: [only, ...more] }) => only === release && more.length === 0);
  if (there)
    return event.reply(
      `Detected clone of ${link} with correct target release. Retitling PR to link to clone:\n/retitle ${title.replace(`Bug ${id}`, `Bug ${there.id}`)}`,
    );
  const cloned = await tried(about, id, 'cloning bug for cherrypick', () => clone(about, bug));
  if (!cloned) return;
  const cloneLink = bugLink(cloned.done, url);
  const update = `updating cherry-pick bug in Bugzilla: Created cherrypick ${cloneLink}, but encountered error updating target release`;
  if (!(await tried(about, cloned.done, update, () => bugzilla.update(cloned.done, { target_release: [release] }))))
    return;
  if (bugOf(title) === undefined) {
    const retitle = `updating GitHub PR title: Created cherrypick ${cloneLink}, but failed to update GitHub PR title name to match`;
    return event.reply(errorMessage(retitle, url, cloned.done, 'failed to identify bug string in title'));
  }
  await event.reply(
    `${link} has been cloned as ${cloneLink}. Retitling PR to link against new bug.\n/retitle ${retitled(title, id, cloned.done)}`,
  );
}

/** The bug of the pull request that is picked; undefined where it has none, or cannot be had, which is told. */
async function bugOfPull({ context, event }: Case, number: number): Promise<number | undefined> {
  const { org, repo } = event;
  try {
    return bugOf((await context.at({ number }).pull.get()).title);
  } catch (error) {
    if (isTransient(error)) throw error;
    await event.reply(
      `Error creating a cherry-pick bug in Bugzilla: failed to check the state of cherrypicked pull request at https://github.com/${org}/${repo}/pull/${number}: ${messageOf(error)}.\nPlease contact an administrator to resolve this issue, then request a bug refresh with ${REFRESH}.`,
    );
    return undefined;
  }
}

/** Bugs with the same summary that depend on this one. */
async function clonesOf({ context }: Case, bug: Bug): Promise<Bug[]> {
  const clones: Bug[] = [];
  for (const id of bug.blocks) {
    const dependent = await context.ports.bugzilla.bug(id);
    if (dependent.summary === bug.summary) clones.push(dependent);
  }
  return clones;
}

/** What a clone takes from the bug as it is. */
const COPIED = [
  'alias',
  'assigned_to',
  'cc',
  'component',
  'flags',
  'groups',
  'keywords',
  'op_sys',
  'platform',
  'priority',
  'product',
  'qa_contact',
  'severity',
  'target_milestone',
  'version',
];
const LONGEST = 65_535;

async function clone({ context }: Case, bug: Bug): Promise<number> {
  const { bugzilla } = context.ports;
  const subComponents = await bugzilla.subComponents(bug.id);
  const comments = await bugzilla.comments(bug.id);
  const id = await bugzilla.create({
    ...Object.fromEntries(Object.entries(bug).filter(([field, value]) => COPIED.includes(field) && isSet(value))),
    summary: bug.summary,
    description: descriptionOf(bug, comments),
    ...(comments.some(({ is_private }) => is_private) && { comment_is_private: true }),
    ...(Object.keys(subComponents).length > 0 && { sub_components: subComponents }),
  });
  await bugzilla.update(id, {
    depends_on: { add: [bug.id] },
    ...(bug.whiteboard !== '' && { whiteboard: bug.whiteboard }),
    ...(bug.blocks.length > 0 && { blocks: { add: bug.blocks } }),
  });
  return id;
}

function isSet(value: unknown): boolean {
  return value !== '' && value !== null && !(Array.isArray(value) && value.length === 0);
}

/** As Bugzilla's own page writes it for a clone. */
function descriptionOf(bug: Bug, [first, ...more]: readonly BugComment[]): string {
  const further = more.map(({ creator, time, text }) => {
    const at = new Date(time).toISOString().slice(0, 19).replace('T', ' ');
    return `\n\n--- Additional comment from ${creator} on ${at} UTC ---\n\n${text}`;
  });
  const whole = `+++ This bug was initially created as a clone of Bug #${bug.id} +++\n\n${first?.text ?? ''}${further.join('')}`;
  return whole.length > LONGEST ? `${whole.slice(0, LONGEST - 3).toWellFormed()}...` : whole;
}
