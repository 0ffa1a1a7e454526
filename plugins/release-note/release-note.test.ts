import { describe, expect, test } from 'vitest';
import { botComments, comment, createWorld, happen, say } from '../../core/plugin/testing/index.ts';
import { releaseNote } from './index.ts';
import { labelFor, noteOf } from './rules.ts';

const NOTE = 'release-note';
const NONE = 'release-note-none';
const ACTION = 'release-note-action-required';
const NEEDED = 'do-not-merge/release-note-label-needed';
const DEPRECATION = 'kind/deprecation';
const GUIDE = 'https://git.k8s.io/community/contributors/guide/release-notes.md';
const block = (note: string) => `\`\`\`release-note\n${note}\n\`\`\``;

describe('the block and its label', () => {
  test.each<[body: string, note: string, label: string, labels?: string[]]>([
    ['**Release note**:  ```NONE```', 'NONE', NONE],
    ['**Release note**:\n\n ```\nNONE\n```', 'NONE', NONE],
    ['**Release note**:\n<!--  Steps to write your release note:\n...\n-->\n```NONE\n```', 'NONE', NONE],
    ['**Release note**:\n\n  ```This is a description of my feature```', 'This is a description of my feature', NOTE],
    ['**Release note**: ```There is some action required for it.```', 'There is some action required for it.', ACTION],
    [block('something great.'), 'something great.', NOTE],
    [block('NONE'), 'NONE', NONE],
    [block('no'), 'no', NONE],
    [block('`NONE`'), '`NONE`', NONE],
    [block('`"NONE"`'), '`"NONE"`', NONE],
    [`**Release note**:\n${block('NONE')}\n`, 'NONE', NONE],
    ['', '', NEEDED],
    ['', '', NONE, [NONE]],
    ['', '', NEEDED, [DEPRECATION]],
    ['', '', NEEDED, [NONE, DEPRECATION]],
    [block('NONE'), 'NONE', NEEDED, [DEPRECATION]],
    [block('note'), 'note', NOTE, [DEPRECATION]],
  ])('%j says %j: %s', (body, note, label, labels = []) => {
    expect(noteOf(body)).toBe(note);
    expect(labelFor(body, labels)).toBe(label);
  });
});

interface Edited {
  before?: string[];
  body?: string;
  base?: string;
  parents?: Record<number, string>;
  said?: string[];
  merged?: boolean;
  after: string[];
  answers?: string[];
}

async function edited({ before = [], body = '', base = 'master', parents = {}, said = [], merged = false }: Edited) {
  return happen(releaseNote, 'pull_request', 'edited', {
    world: { labels: before, body, baseRef: base, merged, comments: said.map((text) => comment('bob', text)) },
    others: Object.entries(parents).map(([number, label]) => createWorld({ number: Number(number), labels: [label] })),
  });
}

const PICK = 'Cherry pick of #2 on release-1.2.';
const PICKS = `Other text.\n${PICK}\nCherry pick of #4 on release-1.2.\n`;
const ASKED = 'because no release-note block was detected';

describe('an edited pull request', () => {
  test.each<Edited>([
    { before: ['lgtm', NOTE], body: block('note note.'), after: ['lgtm', NOTE] },
    { before: ['lgtm', NONE], body: block('none'), after: ['lgtm', NONE] },
    { before: ['lgtm', NONE], body: block(''), said: ['/release-note-none '], after: ['lgtm', NONE] },
    { before: [ACTION], body: block('Action required.'), said: ['x\n/release-note-none'], after: [ACTION] },
    { before: ['lgtm', NEEDED], after: ['lgtm', NEEDED] },
    { before: ['lgtm', NEEDED], said: ['Fun.', 'Especially \n/release-note-none'], after: ['lgtm', NONE] },
    { before: ['lgtm'], after: ['lgtm', NEEDED], answers: [ASKED] },
    { before: [NOTE], body: '```release-note normal note.```', after: [NOTE] },
    { before: [NOTE, NEEDED], after: [NEEDED] },
    { before: [NOTE, NEEDED], body: '```release-note note  ```', after: [NOTE] },
    { before: [NONE, NEEDED], body: block('none'), after: [NONE] },
    { before: [ACTION, NEEDED], body: block('Something dark. ACTION REQUIRED.'), after: [ACTION] },
    { base: 'release-1.2', body: PICK, parents: { 2: NOTE }, after: [] },
    { base: 'release-1.2', before: ['lgtm', NEEDED], body: PICK, parents: { 2: NOTE }, after: ['lgtm'] },
    {
      base: 'release-1.2',
      before: [ACTION],
      body: `${PICK}\n${block('action required')}`,
      parents: { 2: NONE },
      after: [ACTION],
    },
    {
      base: 'release-1.2',
      body: PICK,
      parents: { 2: NONE },
      after: [NEEDED],
      answers: ['have neither the "release-note" nor the "release-note-action-required" labels: #2.', ASKED],
    },
    { base: 'master', body: PICK, parents: { 2: NOTE }, after: [NEEDED], answers: [ASKED] },
    { base: 'release-1.2', body: PICKS, parents: { 2: NOTE, 4: NONE }, after: [NEEDED], answers: [': #4.', ASKED] },
    { base: 'release-1.2', before: [NEEDED], body: PICKS, parents: { 2: NOTE, 4: ACTION }, after: [] },
    {
      base: 'release-1.2',
      before: [NEEDED],
      body: `${PICKS}${block('there is action required')}`,
      parents: { 2: NOTE, 4: ACTION },
      after: [ACTION],
    },
    {
      base: 'release-1.2',
      before: ['lgtm', NOTE],
      body: `${PICK}\n${block('')}`,
      parents: { 2: NONE },
      after: ['lgtm', NEEDED],
      answers: [': #2.', ASKED],
    },
    {
      before: [DEPRECATION, NONE],
      body: block('none'),
      after: [DEPRECATION, NEEDED],
      answers: ['removing any existing "release-note-none" label because there is a "kind/deprecation" label'],
    },
    {
      before: [DEPRECATION],
      said: ['/release-note-none'],
      after: [DEPRECATION, NEEDED],
      answers: ['kind/deprecation'],
    },
    { body: block(''), merged: true, after: [] },
    { before: [NEEDED], body: block('none'), after: [NONE] },
  ])('$before with $body into $base becomes $after', async (row) => {
    const world = await edited(row);
    expect(world.labels).toEqual(row.after);
    const bodies = botComments(world);
    expect(bodies).toEqual((row.answers ?? []).map((answer) => expect.stringContaining(answer)));
  });

  test('a stranger who says that there is no note is not heard', async () => {
    const comments = [comment('stranger', '/release-note-none')];
    const world = await happen(releaseNote, 'pull_request', 'edited', { world: { comments } });
    expect(world.labels).toEqual([NEEDED]);
  });

  test('what the bot asked for goes once it is there', async () => {
    const comments = [
      comment(
        'ci-robot',
        `Adding the "${NEEDED}" label ${ASKED}, please follow our [release note process](${GUIDE}) to remove it.`,
      ),
      comment('ci-robot', 'something else'),
    ];
    const world = await happen(releaseNote, 'pull_request', 'edited', { world: { comments, body: block('note') } });
    expect(botComments(world)).toEqual(['something else']);
  });

  test('the guide may stand elsewhere', async () => {
    const settings = { release_note: { guidelines_url: 'https://example.com/notes' } };
    const world = await happen(releaseNote, 'pull_request', 'opened', { settings });
    expect(botComments(world)).toEqual([expect.stringContaining('[release note process](https://example.com/notes)')]);
  });

  test.each([
    ['labeled', NEEDED, true],
    ['labeled', 'lgtm', false],
    ['ready_for_review', undefined, true],
    ['closed', undefined, false],
    ['synchronize', undefined, false],
  ])('%s %s is looked at: %s', async (action, name, looked) => {
    const world = await happen(releaseNote, 'pull_request', action, { payload: name ? { label: { name } } : {} });
    expect(world.calls.length > 0).toBe(looked);
  });
});

describe('commands', () => {
  test.each<{ user?: string; say: string; body?: string; before?: string[]; after: string[]; answer?: string }>([
    { say: '/release-note-none', before: [NEEDED, 'other'], after: ['other', NONE] },
    { say: '/release-note-none', body: block(' '), before: [NEEDED], after: [NONE] },
    { say: '/release-note-none', body: block('none '), before: [NEEDED], after: [NONE] },
    { say: '/release-note-none \r', body: block('no'), before: [NEEDED], after: [NONE] },
    { say: '/release-note-none', before: [NONE, 'other'], after: [NONE, 'other'] },
    { say: '/release-note-none', before: [NOTE, NEEDED, ACTION, NONE, 'x'], after: [NONE, 'x'] },
    { say: '/release-note-none', user: 'alice', after: [NONE] },
    {
      say: '/release-note-none',
      user: 'stranger',
      before: [NEEDED],
      after: [NEEDED],
      answer: 'if you are the PR author or an org member.',
    },
    { say: '/release-note-none', body: block('News'), after: [], answer: 'in the PR body text is empty or "none".' },
    {
      say: '/release-note-none',
      before: [DEPRECATION],
      after: [DEPRECATION],
      answer:
        'you can not set the release note label to "release-note-none" because the PR has the label "kind/deprecation".',
    },
    {
      say: '/release-note',
      user: 'alice',
      before: [NEEDED],
      after: [NEEDED],
      answer: 'commands have been deprecated.',
    },
    { say: '/release-note \r', user: 'stranger', after: [], answer: 'commands have been deprecated.' },
    { say: '/release-note-action-required', after: [], answer: 'commands have been deprecated.' },
  ])('$user: $say with $before', async ({ user = 'bob', say: words, body = '', before = [], after, answer }) => {
    const world = await say(releaseNote, user, words, { world: { labels: before, body } });
    expect(world.labels).toEqual(after);
    expect(botComments(world)).toEqual(answer ? [expect.stringContaining(answer)] : []);
  });

  test.each(['description', 'review', 'review-comment'] as const)('in a %s they are no commands', async (source) => {
    for (const words of ['/release-note-none', '/release-note', '/release-note-edit']) {
      const world = await say(releaseNote, 'bob', words, { event: { source } });
      expect(world.calls).toEqual([]);
    }
  });

  const EDIT = '/release-note-edit\r\n```release-note\r\nThe new note\r\n```\r\n';
  const BODY = 'Top\r\n```release-note\r\nNONE\r\n```\r\nBelow\r\n';
  test.each([
    { user: 'stranger', say: EDIT, body: BODY, answer: 'You must be an org member to edit the release note.' },
    {
      user: 'alice',
      say: '/release-note-edit\r\nNew note',
      body: BODY,
      answer: 'must be used with a release note block.',
    },
    { user: 'alice', say: EDIT, body: 'No block', answer: 'must be used with a single release note block.' },
    { user: 'alice', say: EDIT, body: BODY, after: 'Top\r\n```release-note\r\nThe new note\r\n```\r\nBelow\r\n' },
  ])('$user: $say on $body', async ({ user, say: words, body, after = body, answer }) => {
    const world = await say(releaseNote, user, words, { world: { body } });
    expect(world.body).toBe(after);
    expect(botComments(world)).toEqual(answer ? [expect.stringContaining(answer)] : []);
  });
});
