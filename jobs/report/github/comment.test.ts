import { describe, expect, it } from 'vitest';
import type { ProwJob, ProwJobState } from '../../api/prowjob.ts';
import { COMMENT_TAG, commentText, planComment } from './comment.ts';

const HEADER = '--- | --- | ---';

function job(
  context: string,
  state: ProwJobState,
  { optional = 'false', type = 'presubmit' as const, url = '' } = {},
): ProwJob {
  return {
    apiVersion: 'prow.k8s.io/v1',
    kind: 'ProwJob',
    metadata: { labels: { 'prow.k8s.io/is-optional': optional } },
    spec: {
      type,
      context,
      rerun_command: `/test ${context}`,
      refs: { org: 'o', repo: 'r', pulls: [{ number: 1, author: 'me', sha: 'abc' }] },
    },
    status: { state, url },
  };
}

const report = (id: number, ...rows: string[]) => ({
  id,
  author: 'k8s-ci-robot',
  body: [HEADER, ...rows, '', COMMENT_TAG].join('\n'),
});
const row = (context: string, required = 'true') => `${context} | abc | [link]() | ${required} | \`/test ${context}\``;

const failed = [job('bla test', 'failure')];
const passed = [job('bla test', 'success')];

describe('the plan for the report comments', () => {
  it.each([
    { name: 'a first failure is written', jobs: failed, comments: [], plan: { deletes: [], rows: [row('bla test')] } },
    {
      name: 'an optional job is not required',
      jobs: [job('bla test', 'failure', { optional: 'true' })],
      comments: [],
      plan: { deletes: [], rows: [row('bla test', 'false')] },
    },
    {
      name: 'a comment without the tag is not ours to change',
      jobs: passed,
      comments: [{ id: 1, author: 'k8s-ci-robot', body: `${HEADER}\nfoo | a | b\n\n` }],
      plan: { deletes: [], rows: [] },
    },
    {
      name: 'nor is one of somebody else',
      jobs: passed,
      comments: [{ ...report(1, 'foo | a | b'), author: 'stranger' }],
      plan: { deletes: [], rows: [] },
    },
    {
      name: 'when all pass the comment goes',
      jobs: passed,
      comments: [report(123, 'bla test | x | y')],
      plan: { deletes: [123], rows: [] },
    },
    {
      name: 'carriage returns do not hide a row',
      jobs: passed,
      comments: [{ ...report(123), body: `${HEADER}\r\nbla test | x | y\r\n\r\n${COMMENT_TAG}` }],
      plan: { deletes: [123], rows: [] },
    },
    {
      name: 'a repeated failure replaces its row in a new comment',
      jobs: failed,
      comments: [report(123, 'bla test | x | y', 'foo test | wow | aye')],
      plan: { deletes: [123], rows: ['foo test | wow | aye', row('bla test')] },
    },
    {
      name: 'several comments become one, the newer row wins',
      jobs: failed,
      comments: [report(123, 'bla test | x | y', 'foo test | old'), report(124, 'foo test | new | z')],
      plan: { deletes: [123, 124], rows: ['foo test | new | z', row('bla test')] },
    },
    {
      name: 'a success only edits',
      jobs: passed,
      comments: [report(123, 'bla test | x | y', 'foo test | wow | aye')],
      plan: { deletes: [], rows: ['foo test | wow | aye'], update: 123 },
    },
    {
      name: 'an aborted job adds no row',
      jobs: [job('bla test', 'aborted')],
      comments: [],
      plan: { deletes: [], rows: [] },
    },
  ])('$name', ({ jobs, comments, plan }) => {
    expect(planComment(jobs, (login) => login === 'k8s-ci-robot', comments)).toEqual(plan);
  });
});

const ABOUT =
  'Instructions for interacting with me using PR comments are available [here](https://git.k8s.io/community/contributors/guide/pull-requests.md).  If you have questions or suggestions related to my behavior, please file an issue against the [kubernetes-sigs/prow](https://github.com/kubernetes-sigs/prow/issues/new?title=Prow%20issue:) repository. I understand the commands that are listed [here](https://go.k8s.io/bot-commands).';

describe('the text of the report comment', () => {
  const table = '\n\nTest name | Commit | Details | Required | Rerun command\n--- | --- | --- | --- | ---\n';
  const end = `\n<details>\n\n${ABOUT}\n</details>\n<!-- test report -->`;
  const failing = (plural: string) =>
    `@me: The following test${plural} **failed**, say \`/retest\` to rerun all failed tests or \`/retest-required\` to rerun all mandatory failed tests:`;

  it.each([
    { name: 'one row', rows: ['a | b'], addition: undefined, text: `${failing('')}${table}a | b\n${end}` },
    {
      name: 'two rows',
      rows: ['a | b', 'c | d'],
      addition: undefined,
      text: `${failing('s')}${table}a | b\nc | d\n${end}`,
    },
    {
      name: 'a template that says nothing',
      rows: ['a | b'],
      addition: '',
      text: `${failing('')}${table}a | b\n\n\n${end}`,
    },
    { name: 'a template', rows: ['a | b'], addition: 'job-a', text: `${failing('')}${table}a | b\n\njob-a\n${end}` },
    { name: 'nothing failed', rows: [], addition: undefined, text: `@me: all tests **passed!**\n\n${end}` },
  ])('$name', ({ rows, addition, text }) => {
    expect(commentText('me', rows, addition)).toBe(text);
  });
});
