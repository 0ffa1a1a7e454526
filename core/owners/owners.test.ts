import { expect, test } from 'vitest';
import { ignoredDirs, OwnersDirDenylist } from './denylist.ts';
import { type Layers, type Owners, ownersOf } from './owners.ts';
import { ownersContent, ownersKind } from './read.ts';

const FILENAMES = { owners: 'OWNERS', aliases: 'OWNERS_ALIASES' };

interface Reading {
  markdown?: boolean;
  ignored?: string[];
  collaborators?: string[];
  filenames?: typeof FILENAMES;
}

function read(
  files: Record<string, string>,
  { markdown = false, ignored = [], collaborators, filenames = FILENAMES }: Reading = {},
): Owners {
  const kindOf = ownersKind({ filenames, markdown, ignoredDirs: ignored });
  const texts = Object.entries(files).flatMap(([path, text]) => {
    const kind = kindOf(path);
    return kind ? [{ path, kind, text }] : [];
  });
  return ownersOf(ownersContent('c0ffee', filenames, texts), collaborators);
}

const flat = (layers: Layers) => layers.flat().sort();
const list = (set: Set<string>) => [...set].sort();

const PROW = {
  foo: 'approvers:\n- bob',
  OWNERS: 'approvers:\n- cjwagner\nreviewers:\n- Alice\n- bob\nrequired_reviewers:\n- chris\nlabels:\n- EVERYTHING',
  'src/OWNERS': 'approvers:\n- Best-Approvers',
  'src/dir/OWNERS':
    'approvers:\n- bob\nreviewers:\n- alice\n- "@CJWagner"\n- jakub\nrequired_reviewers:\n- ben\nlabels:\n- src-code',
  'src/dir/subdir/OWNERS': 'approvers:\n- bob\n- alice\nreviewers:\n- bob\n- alice',
  'src/dir/conformance/OWNERS':
    'options:\n  no_parent_owners: true\n  auto_approve_unowned_subfolders: true\napprovers:\n- mml',
  'docs/file.md': '---\napprovers:\n- ALICE\n\nlabels:\n- docs\n---\n# Title\n\n---\n{ not: [yaml',
  'vendor/OWNERS': 'approvers:\n- alice',
  'vendor/k8s.io/client-go/OWNERS': 'approvers:\n- bob',
};
const ALIASES = 'aliases:\n  Best-approvers:\n  - carl\n  - cjwagner\n  best-reviewers:\n  - Carl\n  - BOB';
const DEFAULTS = ['\\.git$', '_output$', 'vendor/.*/.*'];

test.each([
  {
    path: 'a.go',
    approvers: ['cjwagner'],
    reviewers: ['alice', 'bob'],
    required: ['chris'],
    labels: ['EVERYTHING'],
    directory: '',
  },
  {
    path: 'src/a.go',
    approvers: ['carl', 'cjwagner'],
    reviewers: ['alice', 'bob'],
    required: ['chris'],
    labels: ['EVERYTHING'],
    directory: 'src',
  },
  {
    path: 'src/dir/a.go',
    approvers: ['bob', 'carl', 'cjwagner'],
    reviewers: ['alice', 'bob', 'cjwagner', 'jakub'],
    required: ['ben', 'chris'],
    labels: ['EVERYTHING', 'src-code'],
    directory: 'src/dir',
  },
  {
    path: 'src/dir/conformance/x/a.go',
    approvers: ['mml'],
    reviewers: [],
    required: [],
    labels: [],
    directory: 'src/dir/conformance',
  },
  {
    path: 'docs/file.md',
    approvers: ['alice', 'cjwagner'],
    reviewers: ['alice', 'bob'],
    required: ['chris'],
    labels: ['EVERYTHING', 'docs'],
    directory: 'docs/file.md',
  },
  {
    path: 'vendor/k8s.io/client-go/a.go',
    approvers: ['alice', 'cjwagner'],
    reviewers: ['alice', 'bob'],
    required: ['chris'],
    labels: ['EVERYTHING'],
    directory: 'vendor',
  },
  {
    path: './gone/a.go',
    approvers: ['cjwagner'],
    reviewers: ['alice', 'bob'],
    required: ['chris'],
    labels: ['EVERYTHING'],
    directory: '',
  },
])('$path', ({ path, approvers, reviewers, required, labels, directory }) => {
  const owners = read({ ...PROW, OWNERS_ALIASES: ALIASES }, { markdown: true, ignored: DEFAULTS });
  // no_parent_owners stops only where somebody was found on the way.
  const stops = path.includes('conformance');
  expect(flat(owners.approvers(path))).toEqual(approvers);
  if (!stops) expect(flat(owners.reviewers(path))).toEqual(reviewers);
  if (!stops) expect(list(owners.requiredReviewers(path))).toEqual(required);
  if (!stops) expect(list(owners.labels(path))).toEqual(labels);
  expect(owners.approverDirectory(path)).toBe(directory);
});

test('a directory without parents goes on upwards while it has named nobody of that role', () => {
  const owners = read(PROW);
  expect(flat(owners.reviewers('src/dir/conformance/a.go'))).toEqual(['alice', 'bob', 'cjwagner', 'jakub']);
  expect(owners.hasNoParentOwners('src/dir/conformance')).toBe(true);
  expect(owners.autoApprovesUnownedSubfolders('src/dir/conformance')).toBe(true);
  expect(owners.hasNoParentOwners('src/dir')).toBe(false);
});

test('layers go from the nearest file to the root, each name once', () => {
  const owners = read({ ...PROW, OWNERS_ALIASES: ALIASES });
  expect(owners.approvers('src/dir/subdir/a.go')).toEqual([[], ['alice', 'bob'], [], ['carl', 'cjwagner'], []]);
  expect(list(owners.leafApprovers('src/dir/subdir/a.go'))).toEqual(['alice', 'bob']);
  expect(list(owners.leafReviewers('src/a.go'))).toEqual(['alice', 'bob']);
  expect(owners.reviewerDirectory('src/dir/conformance/a.go')).toBe('src/dir');
});

test('approvers and reviewers who are no collaborators do not count; required reviewers and labels do', () => {
  const owners = read(PROW, { collaborators: ['CJWagner', 'alice', 'bob', 'mml'] });
  expect(flat(owners.approvers('src/a.go'))).toEqual(['cjwagner']);
  expect(flat(owners.reviewers('src/dir/a.go'))).toEqual(['alice', 'bob', 'cjwagner']);
  expect(list(owners.requiredReviewers('src/dir/a.go'))).toEqual(['ben', 'chris']);
  expect(owners.approverDirectory('src/a.go')).toBe('');
});

test('everybody', () => {
  const owners = read({ ...PROW, OWNERS_ALIASES: ALIASES });
  expect(list(owners.topLevelApprovers())).toEqual(['cjwagner']);
  expect(list(owners.allApprovers())).toEqual(['alice', 'bob', 'carl', 'cjwagner', 'mml']);
  expect(list(owners.allReviewers())).toEqual(['alice', 'bob', 'cjwagner', 'jakub']);
  expect(list(owners.allOwners())).toEqual(['alice', 'bob', 'carl', 'cjwagner', 'jakub', 'mml']);
});

const FILTERS = {
  're/OWNERS': 'filters:\n  ".*":\n    labels:\n    - re/all\n  "\\\\.go$":\n    labels:\n    - re/go',
  're/a/OWNERS': 'filters:\n  "\\\\.md$":\n    labels:\n    - re/md-in-a\n  "\\\\.go$":\n    labels:\n    - re/go-in-a',
};

test.each([
  ['re/a/go.go', ['re/all', 're/go', 're/go-in-a']],
  ['re/a/md.md', ['re/all', 're/md-in-a']],
  ['re/a/txt.txt', ['re/all']],
  ['re/go.go', ['re/all', 're/go']],
  ['re/txt.txt', ['re/all']],
  ['re/b/md.md', ['re/all']],
])('filters: %s', (path, labels) => {
  expect(list(read(FILTERS).labels(path))).toEqual(labels);
});

test('a filter sees the path relative to its own directory', () => {
  const owners = read({ 'a/OWNERS': 'filters:\n  "^b/":\n    approvers: [ann]\n  "^a/":\n    approvers: [zoe]' });
  expect(flat(owners.approvers('a/b/c.go'))).toEqual(['ann']);
  expect(owners.approverDirectory('a/c.go')).toBe('');
});

test.each([
  { by: { repos: { org: ['src'] } }, without: ['src', 'src/dir', 'src/dir/subdir'], with: ['', 'vendor'] },
  { by: { repos: { 'org/repo': ['src'] } }, without: ['src', 'src/dir'], with: [''] },
  { by: { default: ['src'] }, without: ['src', 'src/dir'], with: [''] },
  { by: { default: ['dir'] }, without: ['src/dir', 'src/dir/conformance'], with: ['', 'src'] },
  { by: { repos: { 'not_org/not_repo': ['src'], not_org: ['src'] } }, without: [], with: ['src', 'src/dir'] },
  { by: { default: ['sr$'] }, without: [], with: ['src', 'src/dir'] },
  { by: { default: ['src/dir'] }, without: ['src/dir', 'src/dir/subdir'], with: ['src'] },
  { by: { default: ['src/dir/.'] }, without: ['src/dir/conformance', 'src/dir/subdir'], with: ['src', 'src/dir'] },
  { by: { default: ['/c'] }, without: ['src/dir/conformance'], with: ['src/dir/subdir'] },
  { by: {}, without: ['vendor/k8s.io/client-go'], with: ['vendor'] },
  { by: { ignore_preconfigured_defaults: true }, without: [], with: ['vendor', 'vendor/k8s.io/client-go'] },
  { by: { default: ['('] }, without: [], with: ['src'] },
])('directories denied by $by', (row) => {
  const ignored = ignoredDirs(OwnersDirDenylist.parse(row.by), 'org', 'repo');
  const owners = read(PROW, { ignored });
  for (const directory of row.with) expect(owners.approverDirectory(`${directory}/x`)).toBe(directory);
  for (const directory of row.without) expect(owners.approverDirectory(`${directory}/x`)).not.toBe(directory);
});

test('other file names, as a repository may set them', () => {
  const owners = read(
    { OWNERS: 'approvers: [old]', MAINTAINERS: 'approvers: [team]', GROUPS: 'aliases:\n  team: [Ann]' },
    { filenames: { owners: 'MAINTAINERS', aliases: 'GROUPS' } },
  );
  expect(list(owners.allApprovers())).toEqual(['ann']);
});

test('a wrong file is told and breaks nothing else', () => {
  const owners = read({
    OWNERS: 'approvers: [root]',
    'a/OWNERS': 'approvers: [ann\n',
    'b/OWNERS': 'approvers: ben',
    'c/OWNERS': 'filters:\n  "(":\n    approvers: [cid]\n  ".*":\n    approvers: [carl]',
    'd/OWNERS': 'approvers:\n- 12\n-\n- Dora',
    OWNERS_ALIASES: 'aliases:\n  good: [gwen]\n  bad: ""\n  worse: [1]',
  });
  expect(owners.problems.map(({ path }) => path)).toEqual([
    'a/OWNERS',
    'b/OWNERS',
    'c/OWNERS',
    'OWNERS_ALIASES',
    'OWNERS_ALIASES',
  ]);
  expect(owners.problems[0]?.message).toMatch(/^a\/OWNERS:\d+:\d+: /);
  expect(owners.problems[1]?.message).toContain('b/OWNERS: approvers: ');
  expect(flat(owners.approvers('a/x'))).toEqual(['root']);
  expect(flat(owners.approvers('b/x'))).toEqual(['root']);
  expect(flat(owners.approvers('c/x'))).toEqual(['carl', 'root']);
  expect(flat(owners.approvers('d/x'))).toEqual(['12', 'dora', 'root']);
  expect([...owners.aliases.keys()]).toEqual(['good']);
});
