import { expect, test } from 'vitest';
import { happen } from '../../core/plugin/testing/index.ts';
import { milestoneapplier } from './index.ts';

const BRANCHES = { main: 'v1.0', 'release-1.0': 'v1.0' };

interface Row {
  base: string;
  action: string;
  merged?: boolean;
  before?: number;
  after: number | null;
  branches?: Record<string, string>;
}

function play({ base, action, merged = false, before, branches = BRANCHES }: Row) {
  const milestones = [
    { number: 1, title: 'v1.0', state: 'open' },
    { number: 2, title: 'v2.0', state: 'open' },
  ];
  return happen(milestoneapplier, 'pull_request', action, {
    world: { baseRef: base, merged, milestones, milestone: before ?? null },
    settings: { milestone_applier: { 'acme/widgets': branches } },
    payload: {
      repository: { default_branch: 'main' },
      pull_request: { milestone: milestones.find(({ number }) => number === before) ?? null },
    },
  });
}

test.each<Row>([
  { base: 'main', action: 'opened', after: null },
  { base: 'main', action: 'closed', after: null },
  { base: 'main', action: 'closed', merged: true, after: 1 },
  { base: 'main', action: 'closed', merged: true, before: 2, after: 1 },
  { base: 'main', action: 'edited', merged: true, after: null },
  { base: 'release-1.0', action: 'opened', after: 1 },
  { base: 'release-1.0', action: 'closed', after: null },
  { base: 'release-1.0', action: 'closed', merged: true, after: 1 },
  { base: 'release-1.0', action: 'reopened', after: null },
  { base: 'release-2.0', action: 'closed', merged: true, after: null },
  { base: 'constructor', action: 'opened', after: null },
])('$base is $action (merged: $merged): $before becomes $after', async (row) => {
  expect((await play(row)).milestone).toBe(row.after);
});

test('what stands there already is left alone', async () => {
  expect((await play({ base: 'main', action: 'closed', merged: true, before: 1, after: 1 })).calls).toEqual([]);
});

test('a milestone that does not exist is a fault of the configuration', async () => {
  await expect(
    play({ base: 'main', action: 'closed', merged: true, after: null, branches: { main: 'v9' } }),
  ).rejects.toThrow('The configured milestone v9 for main branch does not exist in the acme/widgets repo');
});
