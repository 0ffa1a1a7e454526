import { type Bug, hasLabel, sameLogin, setLabel } from '../../core/plugin/index.ts';
import { type Case, tried } from './case.ts';
import { askQaContact } from './qa.ts';
import { moveTo, validate } from './validate.ts';
import { bugLink, inWords, REFRESH } from './words.ts';

const VALID = 'bugzilla/valid-bug';
const INVALID = 'bugzilla/invalid-bug';
const SEVERITIES = ['urgent', 'high', 'medium', 'low', 'unspecified'];
const severityLabel = (severity: string) => `bugzilla/severity-${severity}`;

/** Whether the bug that a pull request names is a valid one: labels and a comment say so. */
export async function check(about: Case, bug: Bug | undefined): Promise<void> {
  const { event, context } = about;
  const verdict = bug ? await judge(about, bug) : { valid: undefined, words: NOTHING };
  if (!verdict) return;
  const kept = verdict.valid !== true && (await isValidByHand(about));
  await labelSeverity(about, bug?.severity);
  await setLabel(context.ports.labels, VALID, verdict.valid === true || kept);
  await setLabel(context.ports.labels, INVALID, verdict.valid === false && !kept);
  await event.reply(
    kept ? `${verdict.words}\n\nRetaining the ${VALID} label as it was manually added.` : verdict.words,
  );
}

const NOTHING = `No Bugzilla bug is referenced in the title of this pull request.
To reference a bug, add 'Bug XXX:' to the title of this pull request and request another bug refresh with ${REFRESH}.`;

interface Verdict {
  valid: boolean | undefined;
  words: string;
}

/** Undefined where Bugzilla refused what had to be done, which is told then. */
async function judge(about: Case, bug: Bug): Promise<Verdict | undefined> {
  const { options, url } = about;
  const dependents = await dependentsOf(about, bug);
  if (!dependents) return undefined;
  const { valid, passed, failed } = validate(bug, dependents, options, url);
  const named = `This pull request references ${bugLink(bug.id, url)}`;
  if (!valid) {
    const reasons = failed.map((reason) => ` - ${reason}\n`).join('');
    const words = `${named}, which is invalid:\n${reasons}\nComment ${REFRESH} to re-evaluate validity if changes to the Bugzilla bug are made, or edit the title of this pull request to link to a different bug.`;
    return { valid, words };
  }
  const moved = await accept(about, bug);
  const qa = moved === undefined ? undefined : await askQaContact(about, bug);
  if (moved === undefined || qa === undefined) return undefined;
  return { valid, words: `${named}, which is valid.${moved}\n\n${details(passed)}${qa}` };
}

function details(passed: readonly string[]): string {
  const summary =
    passed.length === 0
      ? '<summary>No validations were run on this bug</summary>'
      : `<summary>${passed.length} validation(s) were run on this bug</summary>\n`;
  return `<details>${summary}${passed.map((validation) => `\n* ${validation}`).join('')}</details>`;
}

async function dependentsOf(about: Case, bug: Bug): Promise<Bug[] | undefined> {
  const { context, options } = about;
  if (!options.dependent_bug_states && !options.dependent_bug_target_releases) return [];
  const dependents: Bug[] = [];
  for (const id of bug.depends_on) {
    const found = await tried(about, bug.id, `searching for dependent bug ${id}`, () => context.ports.bugzilla.bug(id));
    if (!found) return undefined;
    dependents.push(found.done);
  }
  return dependents;
}

/** Moves a valid bug and links it, where the options want that; gives what is to be told of it. */
async function accept(about: Case, bug: Bug): Promise<string | undefined> {
  const { context, event, options } = about;
  const { bugzilla } = context.ports;
  const { state_after_validation: after } = options;
  const update = moveTo(after, bug);
  let words = '';
  if (after && update) {
    const action = `updating to the ${inWords(after)} state`;
    if (!(await tried(about, bug.id, action, () => bugzilla.update(bug.id, update)))) return undefined;
    words += ` The bug has been moved to the ${inWords(after)} state.`;
  }
  if (!options.add_external_link) return words;
  const { org, repo, pull } = event;
  const added = await tried(about, bug.id, 'adding this pull request to the external tracker bugs', () =>
    bugzilla.addPull(bug.id, { org, repo, number: pull.number }),
  );
  if (!added) return undefined;
  return added.done
    ? `${words} The bug has been updated to refer to the pull request using the external bug tracker.`
    : words;
}

async function isValidByHand({ context: { ports, bot } }: Case): Promise<boolean> {
  if (!hasLabel(await ports.labels.list(), VALID)) return false;
  const last = (await ports.labels.history()).findLast(({ action, label }) => action === 'labeled' && label === VALID);
  return last !== undefined && last.actor !== '' && !sameLogin(last.actor, bot);
}

/** A severity that nobody knows gets no label. */
async function labelSeverity({ context: { ports } }: Case, severity = ''): Promise<void> {
  for (const name of SEVERITIES) await setLabel(ports.labels, severityLabel(name), name === severity);
}
