import { describe, expect, test } from 'vitest';
import { CutwaterError } from '../../core/plugin/index.ts';
import { botComments, createWorld, say, worldPorts } from '../../core/plugin/testing/index.ts';
import { parseIssueRef, withFixes } from './fixes.ts';
import { issueManagement } from './index.ts';

describe('the Fixes line', () => {
  test.each<[body: string, add: string[], remove: string[], after: string]>([
    ['This is a PR body.', ['#12'], [], 'This is a PR body.\n\nFixes #12'],
    ['Fixes #1 #2', [], ['#2'], 'Fixes #1'],
    ['line1\nFixes #99\nline2', [], ['#99'], 'line1\nline2'],
    ['Fixes #7', ['#7'], [], 'Fixes #7'],
    ['line1\nline2', ['foo/bar#10'], [], 'line1\nline2\n\nFixes foo/bar#10'],
    ['line1\nFixes #1\nline3', ['#2', 'foo/bar#10'], [], 'line1\nFixes #1 #2 foo/bar#10\nline3'],
    ['fixes #1\r\nmore', ['#2'], [], 'Fixes #1 #2\nmore'],
    ['', ['#2'], [], '\nFixes #2'],
    ['nothing', [], ['#2'], 'nothing'],
  ])('%j with %j without %j', (body, add, remove, after) => expect(withFixes(body, add, remove)).toBe(after));
});

test.each<[string, string | undefined]>([
  ['42', 'acme/widgets 42'],
  ['foo/bar#77', 'foo/bar 77'],
  ['4x', undefined],
  ['foo/bar', undefined],
  ['foo/bar/baz#1', undefined],
  ['foo/bar#x', undefined],
  ['foo/..#1', undefined],
  ['#12', undefined],
  ['abc', undefined],
])('%s is the issue %s', (text, issue) => {
  const ref = parseIssueRef(text, 'acme', 'widgets');
  expect(ref && `${ref.org}/${ref.repo} ${ref.number}`).toBe(issue);
});

const UPDATED = 'Updated the `Fixes` line in the pull request body.';
const others = [
  createWorld({ number: 10, isPull: false }),
  createWorld({ number: 12, isPull: false }),
  createWorld({ number: 13 }),
  createWorld({ org: 'foo', repo: 'bar', number: 7, isPull: false }),
  createWorld({ repo: 'elsewhere' }),
];

describe('linking', () => {
  test.each<{ say: string; user?: string; isPull?: boolean; body?: string; after?: string; answer?: string }>([
    { say: '/link-issue 10', body: 'Initial body', after: 'Initial body\n\nFixes #10', answer: UPDATED },
    { say: '/Link-Issue foo/bar#7 10\r', body: 'x', after: 'x\n\nFixes #10 foo/bar#7', answer: UPDATED },
    { say: '/unlink-issue 11', body: 'Fixes #11', after: '', answer: UPDATED },
    { say: '/unlink-issue odd', body: 'Fixes #11 odd', after: 'Fixes #11', answer: UPDATED },
    { say: '/unlink-issue 11\n/link-issue 12', body: 'Fixes #11', after: 'Fixes #12', answer: UPDATED },
    { say: '/link-issue 12', body: 'Fixes #12', answer: 'The PR body is already up-to-date. No changes were made.' },
    { say: '/link-issue 10', user: 'bob', answer: 'You must be an org member to use this command.' },
    {
      say: '/link-issue 10',
      isPull: false,
      answer: '`/link-issue` and `/unlink-issue` can only be used on pull requests.',
    },
    { say: '/link-issue other/repo#12', answer: '* Repository **other/repo** does not exist.\n' },
    { say: '/link-issue 99', answer: '* Issue **#99** in repository **acme/widgets** does not exist.\n' },
    { say: '/link-issue 13', answer: '* Skipped issue #13 of **acme/widgets** as it is a ***pull request***.\n' },
    {
      say: '/link-issue x 10',
      body: 'y',
      after: 'y\n\nFixes #10',
      answer: `${UPDATED}\n\nHowever, there are one or more errors with issue references provided. Please cross check and retry.\n* Invalid format for issue **x**.`,
    },
    { say: '/link-issue' },
  ])('$user: $say', async ({ say: words, user = 'alice', isPull = true, body = '', after = body, answer }) => {
    const world = await say(issueManagement, user, words, { world: { isPull, body }, others });
    expect(world.body).toBe(after);
    expect(botComments(world)).toEqual(answer ? [expect.stringContaining(answer)] : []);
  });
});

const mutations = (calls: string[]) => calls.filter((call) => call.startsWith('search.mutate'));

describe('pinning', () => {
  const repoFiles = { OWNERS: 'approvers:\n- Boss\n', 'sub/OWNERS': 'approvers:\n- bob\n' };
  test.each<{ say: string; user?: string; isPull?: boolean; asked?: string; answer: string }>([
    { say: '/pin-issue', asked: 'pinIssue(', answer: 'Issue #5 has been pinned to the repository.' },
    { say: '/Unpin-Issue \r', asked: 'unpinIssue(', answer: 'Issue #5 has been unpinned from the repository.' },
    {
      say: '/pin-issue',
      isPull: true,
      answer: '`/pin-issue` and `/unpin-issue` can only be triggered on GitHub issues.',
    },
    { say: '/pin-issue', user: 'bob', answer: 'You are not authorized to pin or unpin issues on this repository.' },
  ])('$user: $say', async ({ say: words, user = 'boss', isPull = false, asked, answer }) => {
    const world = await say(issueManagement, user, words, { world: { isPull, repoFiles } });
    expect(mutations(world.calls)).toEqual(asked ? [expect.stringContaining(asked)] : []);
    expect(botComments(world)).toEqual([expect.stringContaining(answer)]);
  });

  test.each([
    ['search', '/pin-issue', 'Unable to pin issue #5. Please try again later.'],
    ['search', '/unpin-issue', 'Unable to unpin issue #5. Please try again later.'],
    [
      'owners',
      '/pin-issue',
      'Unable to determine whether boss is an approver from the top-level OWNERS of acme/widgets.',
    ],
  ])('where %s refuses %s', async (port, words, answer) => {
    const refuse = async () => {
      throw new CutwaterError('forbidden', 'no');
    };
    const world = { isPull: false, repoFiles };
    const { search, owners } = worldPorts(createWorld(world));
    const ports =
      port === 'search' ? { search: { ...search, mutate: refuse } } : { owners: { ...owners, load: refuse } };
    expect(botComments(await say(issueManagement, 'boss', words, { world, ports }))).toEqual([
      expect.stringContaining(answer),
    ]);
  });
});

describe('transferring', () => {
  test.each<{ say: string; user?: string; isPull?: boolean; moved?: boolean; answer?: string }>([
    { say: '/transfer-issue elsewhere', moved: true },
    { say: '/transfer elsewhere\r', moved: true },
    { say: 'This belongs elsewhere\n/transfer-issue elsewhere\nThanks!', moved: true },
    { say: '/transfer elsewhere', user: 'bob', answer: 'You must be an org member to transfer this issue.' },
    {
      say: '/transfer nowhere',
      answer: 'Something went wrong or the destination repo **acme/nowhere** does not exist.',
    },
    { say: '/transfer ..', answer: 'the destination repo **acme/..** does not exist.' },
    { say: '/transfer foo/bar', answer: 'the destination repo **acme/foo/bar** does not exist.' },
    { say: '/transfer', answer: '`/transfer-issue` must only be used once and with a single destination repo.' },
    { say: '/transfer elsewhere\n/transfer elsewhere', answer: 'must only be used once' },
    {
      say: '/transfer elsewhere',
      isPull: true,
      answer: 'The `/transfer-issue` command is only supported on issues, not pull requests.',
    },
  ])('$user: $say', async ({ say: words, user = 'alice', isPull = false, moved = false, answer }) => {
    const world = await say(issueManagement, user, words, { world: { isPull }, others });
    const asked = '{"issueId":"I_5","repositoryId":"R_1"}';
    expect(mutations(world.calls)).toEqual(moved ? [expect.stringContaining(asked)] : []);
    expect(botComments(world)).toEqual(answer ? [expect.stringContaining(answer)] : []);
  });
});

test('a comment that names very many issues costs no request for each', async () => {
  const words = `/link-issue ${Array.from({ length: 31 }, (_, index) => index + 1).join(' ')}`;
  const world = await say(issueManagement, 'alice', words);
  expect(botComments(world)).toEqual([expect.stringContaining('I link at most 30 issues at once.')]);
  expect(world.calls).toHaveLength(2);
});
