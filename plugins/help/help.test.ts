import { expect, test } from 'vitest';
import { botComments, comment, say } from '../../core/plugin/testing/index.ts';
import { helpPlugin } from './index.ts';
import { firstIssueNotice, helpNotice } from './words.ts';

const HELP = 'help wanted';
const FIRST = 'good first issue';
const issue = { isPull: false };

test.each([
  { say: 'irrelevant', before: [], after: [] },
  { say: '/help', before: [], after: [HELP] },
  { say: '/HELP \r', before: ['x'], after: ['x', HELP] },
  { say: '/help', before: [HELP], after: [HELP] },
  { say: '/help me', before: [], after: [] },
  { say: '/remove-help', before: [HELP], after: [] },
  { say: '/remove-help', before: [], after: [] },
  { say: '/remove-help', before: [HELP, FIRST], after: [] },
  { say: '/good-first-issue', before: [], after: [FIRST, HELP] },
  { say: '/good-first-issue', before: [HELP], after: [HELP, FIRST] },
  { say: '/good-first-issue', before: [HELP, FIRST], after: [HELP, FIRST] },
  { say: '/remove-good-first-issue', before: [HELP, FIRST], after: [HELP] },
  { say: '/remove-good-first-issue', before: [FIRST], after: [] },
  { say: '/remove-good-first-issue', before: [HELP], after: [HELP] },
  { say: '/remove-good-first-issue', before: [], after: [] },
  { say: '/help\n/good-first-issue', before: [], after: [FIRST, HELP] },
  { say: '/help\n/remove-help', before: [HELP], after: [] },
  { say: '> /help', before: [], after: [] },
])('$say: $before becomes $after', async ({ say: words, before, after }) => {
  const world = await say(helpPlugin, 'stranger', words, { world: { ...issue, labels: before } });
  expect(world.labels).toEqual(after);
});

test.each([
  { name: 'a pull request', world: { isPull: true } },
  { name: 'a closed issue', world: { ...issue, state: 'closed' as const } },
])('$name is left alone', async ({ world }) => {
  expect((await say(helpPlugin, 'alice', '/help', { world })).calls).toEqual([]);
});

test('an edited comment says nothing', async () => {
  const world = await say(helpPlugin, 'alice', '/help', { world: issue, event: { action: 'edited' } });
  expect(world.calls).toEqual([]);
});

test('the notice answers the issue, and goes with the label', async () => {
  const world = await say(helpPlugin, 'alice', '/help', { world: issue });
  const [notice = ''] = botComments(world);
  expect(notice).toContain('@alice: \n\tThis request has been marked as needing help from a contributor.');
  expect(notice).toContain('In response to [this](https://github.com/acme/widgets/pull/5):\n\n>/help');
  const comments = [
    ...world.comments,
    comment('ci-robot', firstIssueNotice(SETTINGS)),
    comment('bob', helpNotice(SETTINGS)),
  ];
  const after = await say(helpPlugin, 'bob', '/remove-help', { world: { ...issue, labels: [HELP, FIRST], comments } });
  expect(after.comments.map(({ author }) => author)).toEqual(['bob']);
});

const URL = 'https://git.k8s.io/community/contributors/guide/help-wanted.md';
const SETTINGS = { help_guidelines_url: URL, help_guidelines_summary: '' };

test('words', () => {
  expect(helpNotice(SETTINGS)).toBe(`
	This request has been marked as needing help from a contributor.

Please ensure the request meets the requirements listed [here](${URL}).

If this request no longer meets these requirements, the label can be removed
by commenting with the \`/remove-help\` command.
`);
  expect(firstIssueNotice({ ...SETTINGS, help_guidelines_summary: 'This is a guideline' })).toBe(`
	This request has been marked as suitable for new contributors.

### Guidelines
This is a guideline

For more details on the requirements of such an issue, please see [here](${URL}#good-first-issue) and ensure that they are met.

If this request no longer meets these requirements, the label can be removed
by commenting with the \`/remove-good-first-issue\` command.
`);
});

test('guidelines of its own', async () => {
  const settings = { help: { help_guidelines_url: 'https://example.test/g', help_guidelines_summary: 'Be kind.' } };
  const world = await say(helpPlugin, 'alice', '/good-first-issue', { world: issue, settings });
  expect(botComments(world)[0]).toContain('### Guidelines\nBe kind.\n');
  expect(botComments(world)[0]).toContain('(https://example.test/g#good-first-issue)');
});
