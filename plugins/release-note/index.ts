import { decidedBy, none, plugin, sameLogin } from '../../core/plugin/index.ts';
import { NEEDS, releaseNoteSettings } from './needs.ts';
import { labelNote, setNoteLabel } from './pull.ts';
import { DEPRECATION, hasNote, labelFor, NONE, noteOf, withNote } from './rules.ts';
import { words } from './words.ts';

const p = plugin({
  name: 'release-note',
  summary:
    "Asks for a release note in a 'release-note' code block in every pull request's description, and labels what it says.",
  needs: NEEDS,
  config: releaseNoteSettings,
});

const data = { args: none, on: 'pr', evenClosed: true, commentsOnly: true } as const;

/** Prow: pkg/plugins/releasenote/releasenote.go. The first of the commands in a comment is the one that counts. */
const edit = p.command({
  ...data,
  names: ['release-note-edit'],
  who: decidedBy('Org Members.'),
  help: 'Replaces the release note block in the top level comment with the provided one.',
  examples: ['/release-note-edit\r\n```release-note\r\nThe new release note\r\n```'],
  async run({ event, ports, reply }) {
    if (!(await ports.people.isMember(event.org, event.user))) return reply(words.membersEdit);
    const note = noteOf(event.body);
    if (note === '') return reply(words.editNeedsBlock);
    const body = withNote(event.description, note);
    if (body === undefined) return reply(words.nothingToEdit);
    await ports.issue.edit({ body });
  },
});

const deprecated = p.command({
  ...data,
  names: ['release-note', 'release-note-action-required'],
  who: decidedBy('Nobody any more'),
  help: 'Tells that release notes are written in the description now.',
  examples: ['/release-note', '/release-note-action-required'],
  async run({ event, reply }) {
    if (edit.said(event.text).length === 0) await reply(words.deprecatedCommands);
  },
});

const nothing = p.command({
  ...data,
  names: [NONE],
  who: decidedBy('PR Authors and Org Members.'),
  help: `Adds the '${NONE}' label to indicate that the PR does not warrant a release note. This is deprecated; ideally the release-note block in the description says so.`,
  examples: [`/${NONE}`],
  async run({ event, ports, reply }) {
    if (edit.said(event.text).length > 0 || deprecated.said(event.text).length > 0) return;
    const mayDoIt = sameLogin(event.user, event.author) || (await ports.people.isMember(event.org, event.user));
    if (!mayDoIt) return reply(words.notYours);
    const labels = await ports.labels.list();
    if (hasNote([labelFor(event.description, labels)])) return reply(words.blockHasNote);
    if (labels.includes(DEPRECATION)) return reply(words.notWithDeprecation);
    await setNoteLabel(ports, NONE, labels);
  },
});

const onPull = p.on('pull_request', ['opened', 'edited', 'labeled', 'ready_for_review'], labelNote);

export const releaseNote = p.define({ commands: [nothing, edit, deprecated], handlers: [onPull] });
