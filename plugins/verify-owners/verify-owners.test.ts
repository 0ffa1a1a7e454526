import { describe, expect, test } from 'vitest';
import { botComments, comment, file, happen, say, type World } from '../../core/plugin/testing/index.ts';
import { verifyOwners } from './index.ts';
import { addedLines, namesAdded } from './patch.ts';

const LABEL = 'do-not-merge/invalid-owners-file';
const VALID = 'approvers:\n- jdoe\nreviewers:\n- alice\n- bob\nlabels:\n- label1\n';
const FILTERED = 'filters:\n  ".*":\n    approvers:\n    - jdoe\n    labels:\n    - label1\n';
const adds = (...lines: string[]) => `@@ -0,0 +1,${lines.length} @@\n${lines.map((line) => `+${line}`).join('\n')}`;
const whole = (text: string) => adds(...text.trimEnd().split('\n'));

interface Row {
  name: string;
  /** Changed files; their texts after, undefined: removed. */
  files: Record<string, string | undefined>;
  patch?: string;
  world?: Partial<World>;
  settings?: Record<string, unknown>;
  /** What the review's comments say. */
  wrong?: string[];
  /** Who is told to be untrusted. */
  untrusted?: string[];
}

function stage({ files, patch, world = {}, settings = {} }: Row) {
  const present = Object.entries(files).flatMap(([path, text]) => (text === undefined ? [] : [[path, text] as const]));
  return {
    world: {
      collaborators: ['alice', 'bob', 'jdoe'],
      files: Object.entries(files).map(([path, text]) =>
        file(path, {
          sha: `sha of ${path}`,
          status: text === undefined ? 'removed' : 'modified',
          patch: patch ?? whole(text ?? ''),
        }),
      ),
      ...world,
      repoFiles: { ...world.repoFiles, ...Object.fromEntries(present) },
    },
    settings,
  };
}

const NOTICE = 'The OWNERS file contains untrusted users, which makes it INVALID.';

test.each<Row>([
  { name: 'no OWNERS file', files: { 'a.go': 'x' } },
  { name: 'a good one', files: { OWNERS: VALID, 'b.go': '' } },
  { name: 'a good one with filters', files: { OWNERS: FILTERED } },
  {
    name: 'wrong syntax',
    files: { OWNERS: 'approvers:\n- jdoe\nreviewers:\n- [alice\n' },
    wrong: ['Cannot parse file: OWNERS:'],
  },
  { name: 'wrong types', files: { 'a/OWNERS': 'approvers: jdoe\n' }, wrong: ['Cannot parse file: a/OWNERS'] },
  {
    name: 'a pattern that is none',
    files: { 'a/OWNERS': 'filters:\n  "(":\n    approvers: [jdoe]\n' },
    wrong: ['Cannot parse file'],
  },
  {
    name: 'banned labels',
    files: { OWNERS: `${VALID}- lgtm\n- approved\n` },
    wrong: ['File contains banned labels: [approved lgtm].'],
  },
  {
    name: 'other banned labels',
    files: { OWNERS: VALID },
    settings: { owners: { labels_denylist: ['label1'] } },
    wrong: ['File contains banned labels: [label1].'],
  },
  {
    name: 'empty approvers',
    files: { OWNERS: 'approvers:\nreviewers:\n- alice\n' },
    wrong: ['No approvers defined in this root directory OWNERS file.'],
  },
  {
    name: 'no approvers',
    files: { OWNERS: 'reviewers:\n- alice\n' },
    wrong: ['No approvers defined in this root directory OWNERS file.'],
  },
  {
    name: 'no approvers with filters',
    files: { OWNERS: 'filters:\n  ".*":\n    reviewers: [alice]\n' },
    wrong: ['No approvers'],
  },
  { name: 'no approvers further down', files: { 'pkg/OWNERS': 'reviewers:\n- alice\n' } },
  { name: 'removed', files: { 'pkg/OWNERS': undefined } },
  { name: 'aliases removed', files: { OWNERS_ALIASES: undefined } },
  {
    name: 'two wrong ones',
    files: { OWNERS: 'labels: [x]', 'a/OWNERS': 'labels: [lgtm]' },
    wrong: ['No approvers', 'banned labels'],
  },
  {
    name: 'an alias of the base branch',
    files: { OWNERS: `${VALID}approvers:\n- toBeAddedAlias\n` },
    world: { repoFiles: { OWNERS_ALIASES: 'aliases:\n  toBeAddedAlias:\n  - zee\n' } },
  },
  { name: 'a stranger', files: { OWNERS: VALID.replace('bob', 'phippy') }, untrusted: ['phippy'] },
  { name: 'a stranger on one line', files: { OWNERS: 'approvers: [jdoe, "@Phippy", phippy]' }, untrusted: ['Phippy'] },
  {
    name: 'a stranger who was there before',
    files: { OWNERS: VALID.replace('bob', 'phippy') },
    patch: adds('- alice'),
  },
  { name: 'no patch is shown', files: { OWNERS: VALID.replace('bob', 'phippy') }, patch: '', untrusted: ['phippy'] },
  { name: 'a stranger in disguise', files: { OWNERS: 'approvers: [jdoe, "\\x70hippy"]' }, untrusted: ['phippy'] },
  { name: 'a member', files: { OWNERS: VALID.replace('bob', 'phippy') }, world: { members: { acme: ['phippy'] } } },
  {
    name: 'a collaborator where members alone are trusted',
    files: { OWNERS: 'approvers:\n- bob\n' },
    settings: { triggers: [{ repos: ['acme'], only_org_members: true }] },
    untrusted: ['bob'],
  },
  {
    name: 'OWNERS files alone count',
    files: { OWNERS: VALID.replace('bob', 'phippy') },
    settings: { owners: { skip_collaborators: ['acme/widgets'] } },
  },
  {
    name: 'a stranger in aliases',
    files: { OWNERS_ALIASES: 'aliases:\n  team:\n  - phippy\n  - alice\n' },
    untrusted: ['phippy'],
  },
  {
    name: 'a stranger in both',
    files: { OWNERS_ALIASES: 'aliases:\n  team:\n  - phippy\n', OWNERS: 'approvers:\n- phippy\n- team\n' },
    untrusted: ['phippy'],
  },
  { name: 'in vendor, which does not count', files: { 'vendor/k8s.io/client-go/OWNERS': 'approvers:\n- phippy\n' } },
  { name: 'directly in vendor', files: { 'vendor/OWNERS': 'approvers:\n- phippy\n' }, untrusted: ['phippy'] },
  {
    name: 'in vendor, which counts',
    files: { 'vendor/k8s.io/client-go/OWNERS': 'approvers:\n- phippy\n' },
    settings: { owners_dir_denylist: { ignore_preconfigured_defaults: true } },
    untrusted: ['phippy'],
  },
  {
    name: 'another name',
    files: { MAINTAINERS: 'reviewers: [alice]', OWNERS: 'reviewers: [zee]' },
    settings: { owners: { filenames: { acme: { owners: 'MAINTAINERS' } } } },
    wrong: ['No approvers defined in this root directory MAINTAINERS file.'],
  },
])('$name', async (row) => {
  const { wrong = [], untrusted = [] } = row;
  const world = await happen(verifyOwners, 'pull_request', 'opened', stage(row));
  expect(world.labels).toEqual(wrong.length + untrusted.length > 0 ? [LABEL] : []);
  expect(world.lineComments).toHaveLength(wrong.length);
  for (const [index, words] of wrong.entries()) expect(world.lineComments[index]?.body).toContain(words);
  const s = wrong.length === 1 ? '' : 's';
  if (wrong.length > 0)
    expect(world.reviews[0]?.body).toMatch(new RegExp(`^@bob: ${wrong.length} invalid \\w+ file${s}\n`));
  const told = botComments(world).flatMap((body) => body.split('\n').filter((line) => line.startsWith('- ')));
  expect(told).toEqual(untrusted.map((login) => `- ${login}`));
});

test('the list of those who are not trusted to the letter; it is replaced, and goes', async () => {
  const row: Row = {
    name: '',
    files: { OWNERS: 'approvers:\n- phippy\n' },
    settings: { triggers: [{ repos: ['acme'], trusted_org: 'friends' }] },
  };
  const first = await happen(verifyOwners, 'pull_request', 'opened', stage(row));
  expect(botComments(first)).toEqual([
    `${NOTICE} The following users are mentioned in OWNERS file(s) but are untrusted for the following reasons. One way to make the user trusted is to add them as [members](https://github.com/orgs/friends/people) of the acme org. You can then trigger verification by writing \`/verify-owners\` in a comment.
- phippy
  - User is not a member of the org. User is not a collaborator. User is not a member of the trusted secondary org. Satisfy at least one of these conditions to make the user trusted.
  - OWNERS`,
  ]);
  const before = { labels: first.labels, comments: first.comments };
  const second = await happen(verifyOwners, 'pull_request', 'synchronize', stage({ ...row, world: before }));
  expect([second.labels, botComments(second)]).toEqual([[LABEL], botComments(first)]);
  const fine = { ...before, members: { friends: ['phippy'] } };
  const third = await say(verifyOwners, 'anybody', '/verify-owners', stage({ ...row, world: fine }));
  expect([third.labels, botComments(third)]).toEqual([[], []]);
});

test('aliases that cannot be read', async () => {
  const row: Row = { name: '', files: { OWNERS_ALIASES: 'aliases:\n  team: alice\n', OWNERS: 'labels: [lgtm]' } };
  const world = await happen(verifyOwners, 'pull_request', 'opened', stage(row));
  expect([world.labels, botComments(world), world.reviews]).toEqual([
    [LABEL],
    ['The content of OWNERS_ALIASES is invalid.'],
    [],
  ]);
  const again = await happen(
    verifyOwners,
    'pull_request',
    'synchronize',
    stage({ ...row, world: { comments: world.comments } }),
  );
  expect(again.comments).toEqual(world.comments);
});

test('an empty alias is told once', async () => {
  const row: Row = { name: '', files: { OWNERS_ALIASES: 'aliases:\n  team: []\n' } };
  const world = await happen(verifyOwners, 'pull_request', 'opened', stage(row));
  expect([world.labels, botComments(world)]).toEqual([
    [],
    ['There are empty aliases in OWNER_ALIASES, cleanup is advised.'],
  ]);
});

test('mended: the label goes even where no OWNERS file is changed any more', async () => {
  const world = await happen(verifyOwners, 'pull_request', 'synchronize', {
    world: { labels: [LABEL], files: [file('a')], comments: [comment('ci-robot', 'else')] },
  });
  expect([world.labels, botComments(world)]).toEqual([[], ['else']]);
});

test('however many files there are, they are read at once, and fifty are commented on', async () => {
  const files = Object.fromEntries(Array.from({ length: 80 }, (_, index) => [`d${index}/OWNERS`, 'labels: [lgtm]']));
  const world = await happen(verifyOwners, 'pull_request', 'opened', stage({ name: '', files }));
  expect(world.calls.filter((call) => /^(owners|repo)\./.test(call))).toHaveLength(2);
  expect(world.lineComments).toHaveLength(50);
});

test('what is no login mentions nobody', async () => {
  const row: Row = { name: '', files: { 'a/OWNERS': 'approvers: ["x @acme/all"]' }, patch: '' };
  const world = await happen(verifyOwners, 'pull_request', 'opened', stage(row));
  expect(botComments(world)[0]).toContain('\n- x @\u200bacme/all\n');
});

test('at most fifty people are looked up', async () => {
  const lines = Array.from({ length: 80 }, (_, index) => `- user${index}`);
  const world = await happen(
    verifyOwners,
    'pull_request',
    'opened',
    stage({ name: '', files: { OWNERS: `approvers:\n${lines.join('\n')}\n` } }),
  );
  expect(world.calls.filter((call) => call.startsWith('people.isMember'))).toHaveLength(50);
});

test.each([
  { words: '/verify-owners', looks: true },
  { words: '/Verify-Owners ', looks: true },
  { words: '/verify-owners now', looks: false },
  { words: '/verify-owners', event: { state: 'closed' as const }, looks: false },
  { words: '/verify-owners', event: { isPull: false }, looks: false },
])('$words $event', async ({ words, event = {}, looks }) => {
  const world = await say(verifyOwners, 'anybody', words, {
    ...stage({ name: '', files: { OWNERS: 'labels: [x]' } }),
    event,
  });
  expect(world.labels).toEqual(looks ? [LABEL] : []);
});

describe('patches', () => {
  const PATCH =
    '@@ -1,3 +1,4 @@\n approvers:\n-- old\n+- new\n+- Two-words\n - same\n@@ -10 +12,2 @@ x\n end\n+reviewers: [ann, bob]\n\\ No newline at end of file';

  test('lines', () => {
    expect(addedLines(PATCH).map(({ line, position }) => [line, position])).toEqual([
      [2, 3],
      [3, 4],
      [13, 8],
    ]);
  });

  test.each([
    ['new', true],
    ['two-words', true],
    ['words', false],
    ['bob', true],
    ['old', false],
    ['same', false],
  ])('%s: %s', (login, expected) => expect(namesAdded(PATCH)(login)).toBe(expected));

  // Prow's own table.
  const SIMPLE = 'approvers:\n- jdoe\nreviewers:\n- alice\n- bob\nlabels\n- label1\n';
  const FILTERS =
    'filters:\n  ".*":\n    approvers:\n    - jdoe\n    reviewers:\n    - alice\n    - bob\n    labels\n    - label1\n';
  const EDIT = '@@ -3,6 +3,6 @@ approvers:\n reviewers:\n - alice\n - bob\n-labels:\n+labels\n - label1\n';
  test.each([
    { name: 'at the end', text: SIMPLE, position: 7 },
    { name: 'at the end of a filter', text: FILTERS, position: 9 },
    { name: 'on a line that the change does not add', text: SIMPLE, patch: EDIT, position: 1 },
    { name: 'before the end', text: 'approvers:\n- jdoe\nreviewers:\n- [alice\nlabels:\n', position: 5 },
    { name: 'nowhere', text: 'reviewers:\n- alice\n', position: 1 },
  ])('a comment stands at what is wrong: $name', async ({ text, patch, position }) => {
    const row = { name: '', files: { OWNERS: text }, ...(patch && { patch }) };
    const world = await happen(verifyOwners, 'pull_request', 'opened', stage(row));
    expect(world.calls.find((call) => call.startsWith('reviews.create'))).toContain(`"position":${position}}`);
  });
});
