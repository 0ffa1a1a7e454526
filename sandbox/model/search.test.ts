import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../testing.ts';
import { parseSearch, searchIssues } from './search.ts';

let sandbox: TestSandbox;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ sandbox, stop } = await startTestSandbox());
}, 60_000);
afterAll(() => stop());

test.each<[string, number[]]>([
  ['is:pr is:open', [44, 43, 42]],
  ['is:issue', [41, 39]],
  ['is:pr is:merged repo:acme/widgets', [40]],
  ['is:pr state:open -label:needs-ok-to-test', [44, 42]],
  ['label:size/S,size/M is:pr', [44, 42]],
  ['label:"size/M" label:kind/bug', [42]],
  ['author:stranger', [43, 41]],
  ['repo:acme/widgets repo:acme/none is:issue sort:created-asc', [39, 41]],
  ['org:acme base:main head:typo', [43]],
  ['type:pr org:nobody', []],
  ['bucket in:title is:pr', [44, 42]],
  ['"bucket is busy"', [41]],
  ['created:>2020-01-01 is:issue', [41, 39]],
  ['updated:<2020-01-01', []],
  ['no:milestone no:assignee is:issue', [41, 39]],
  ['is:pr review:none is:open', [44, 43, 42]],
  ['archived:false is:issue', [41, 39]],
])('%s', (query, numbers) => {
  expect(searchIssues(sandbox.world, parseSearch(query), () => true).map((it) => it.number)).toEqual(numbers);
});

test('a commit finds its pull request', () => {
  const { headSha } = sandbox.pull(42).pull;
  const found = searchIssues(sandbox.world, parseSearch(`${headSha} repo:acme/widgets type:pr`), () => true);
  expect(found.map((it) => it.number)).toEqual([42]);
});

test('what one may not read is not found', () => {
  expect(searchIssues(sandbox.world, parseSearch('is:pr'), () => false)).toEqual([]);
});
