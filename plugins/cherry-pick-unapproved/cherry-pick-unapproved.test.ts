import { expect, test } from 'vitest';
import { botComments, comment, happen } from '../../core/plugin/testing/index.ts';
import { cherryPickUnapproved } from './index.ts';

const YES = 'cherry-pick-approved';
const NO = 'do-not-merge/cherry-pick-not-approved';
const COMMENT =
  'This PR is not for the master branch but does not have the `cherry-pick-approved`  label. Adding the `do-not-merge/cherry-pick-not-approved`  label.';

interface Row {
  action: string;
  base: string;
  before: string[];
  after: string[];
  label?: string;
  from?: string;
  /** The bot's comments after; one stood before where the label did. */
  comments: number;
}

test.each<Row>([
  { action: 'opened', base: 'release-1.10', before: [], after: [NO], comments: 1 },
  { action: 'reopened', base: 'release-1.10', before: ['x'], after: ['x', NO], comments: 1 },
  { action: 'opened', base: 'main', before: [], after: [], comments: 0 },
  { action: 'opened', base: 'release-1.10', before: [NO], after: [NO], comments: 1 },
  { action: 'opened', base: 'release-1.10', before: [YES], after: [YES], comments: 0 },
  { action: 'opened', base: 'release-1.10', before: [YES, NO], after: [YES], comments: 0 },
  { action: 'synchronize', base: 'release-1.10', before: [], after: [], comments: 0 },
  { action: 'labeled', label: YES, base: 'release-1.10', before: [YES, NO], after: [YES], comments: 0 },
  { action: 'labeled', label: 'other', base: 'release-1.10', before: [YES, NO], after: [YES, NO], comments: 1 },
  { action: 'labeled', label: YES, base: 'main', before: [YES, NO], after: [YES, NO], comments: 1 },
  { action: 'unlabeled', label: NO, base: 'release-1.10', before: [], after: [NO], comments: 1 },
  { action: 'unlabeled', label: YES, base: 'release-1.10', before: [], after: [NO], comments: 1 },
  { action: 'edited', from: 'main', base: 'release-1.10', before: [], after: [NO], comments: 1 },
  { action: 'edited', from: 'release-1.9', base: 'release-1.10', before: [], after: [], comments: 0 },
  { action: 'edited', base: 'release-1.10', before: [], after: [], comments: 0 },
  { action: 'edited', from: 'release-1.10', base: 'main', before: [YES], after: [], comments: 0 },
  { action: 'edited', from: 'release-1.10', base: 'main', before: [NO, 'x'], after: ['x'], comments: 0 },
  { action: 'edited', from: 'topic', base: 'main', before: [NO], after: [NO], comments: 1 },
])('$action $label on $base (from $from): $before becomes $after', async (row) => {
  const world = await happen(cherryPickUnapproved, 'pull_request', row.action, {
    world: {
      baseRef: row.base,
      labels: row.before,
      comments: row.before.includes(NO) ? [comment('ci-robot', COMMENT)] : [],
    },
    payload: {
      action: row.action,
      label: { name: row.label ?? '' },
      changes: row.from === undefined ? {} : { base: { ref: { from: row.from }, sha: { from: 'a' } } },
    },
  });
  expect(world.labels).toEqual(row.after);
  expect(botComments(world)).toHaveLength(row.comments);
  for (const body of botComments(world)) expect(body).toContain(COMMENT);
});

test('branches and words of its own', async () => {
  const settings = { cherry_pick_unapproved: { branchregexp: '^stable/', comment: 'Ask the release team.' } };
  const payload = { action: 'opened' };
  const held = await happen(cherryPickUnapproved, 'pull_request', 'opened', {
    world: { baseRef: 'stable/1' },
    settings,
    payload,
  });
  expect(botComments(held)[0]).toMatch(/^Ask the release team\.\n\n<details>/);
  const not = await happen(cherryPickUnapproved, 'pull_request', 'opened', {
    world: { baseRef: 'release-1' },
    settings,
    payload,
  });
  expect(not.labels).toEqual([]);
});

test('a pattern that does not compile is refused', async () => {
  const settings = { cherry_pick_unapproved: { branchregexp: '(' } };
  await expect(happen(cherryPickUnapproved, 'pull_request', 'opened', { settings })).rejects.toThrow('branchregexp');
});
