import { expect, test } from 'vitest';
import { happen } from '../../core/plugin/testing/index.ts';
import { wip } from './index.ts';

const WIP = 'do-not-merge/work-in-progress';

test.each([
  { title: 'WIP: a', draft: false, before: [], after: [WIP] },
  { title: '[wip] a', draft: false, before: [], after: [WIP] },
  { title: 'WIP a', draft: false, before: [], after: [WIP] },
  { title: 'wip', draft: false, before: [], after: [] },
  { title: 'WIPE the table', draft: false, before: [], after: [] },
  { title: 'A WIP thing', draft: false, before: [], after: [] },
  { title: 'a', draft: true, before: [], after: [WIP] },
  { title: 'WIP: a', draft: true, before: [WIP], after: [WIP] },
  { title: 'a', draft: false, before: [WIP], after: [] },
])('$title (draft $draft), $before', async ({ title, draft, before, after }) => {
  const world = await happen(wip, 'pull_request', 'edited', { world: { title, draft, labels: before } });
  expect(world.labels).toEqual(after);
});

test.each([
  ['opened', [WIP]],
  ['reopened', [WIP]],
  ['ready_for_review', [WIP]],
  ['converted_to_draft', [WIP]],
  ['synchronize', []],
  ['closed', []],
])('looks when a pull request is %s', async (action, after) => {
  expect((await happen(wip, 'pull_request', action, { world: { draft: true } })).labels).toEqual(after);
});
