import { expect, test } from 'vitest';
import { createWorld, happen, say } from '../../core/plugin/testing/index.ts';
import { cla } from './index.ts';

const HEAD = createWorld().headSha;
const YES = 'cncf-cla: yes';
const NO = 'cncf-cla: no';

test.each([
  { state: 'pending', before: [], after: [] },
  { state: 'success', before: [], after: [YES] },
  { state: 'success', before: [NO, 'x'], after: ['x', YES] },
  { state: 'success', before: [YES, NO], after: [YES] },
  { state: 'success', before: [YES], after: [YES] },
  { state: 'failure', before: [], after: [NO] },
  { state: 'error', before: [YES], after: [NO] },
  { state: 'failure', before: [NO], after: [NO] },
  { state: 'success', context: 'bad', before: [], after: [] },
  { state: 'success', sha: 'f'.repeat(40), before: [], after: [] },
] as const)('$context $state: $before becomes $after', async (row) => {
  const { state, before, after } = row;
  const payload = { context: 'EasyCLA', sha: HEAD, ...row };
  const world = await happen(cla, 'status', '', { world: { labels: [...before] }, payload: { ...payload, state } });
  expect(world.labels).toEqual(after);
});

test.each([
  { say: '/check-cla', state: 'success', before: [NO], after: [YES] },
  { say: 'hm\n/CHECK-CLA \n', state: 'success', before: [], after: [YES] },
  { say: '/check-cla', state: 'failure', before: [YES], after: [NO] },
  { say: '/check-cla', state: 'pending', before: [YES], after: [YES] },
  { say: '/check-cla', state: 'success', context: 'other', before: [], after: [] },
  { say: '/check-cla now', state: 'success', before: [], after: [] },
  { say: '/check-cla', state: 'success', on: { state: 'closed' as const }, before: [], after: [] },
  { say: '/check-cla', state: 'success', on: { isPull: false }, before: [], after: [] },
] as const)('$say with $context $state: $before becomes $after', async (row) => {
  const { state, before, after } = row;
  const context = 'context' in row ? row.context : 'EasyCLA';
  const world = await say(cla, 'anybody', row.say, {
    world: {
      labels: [...before],
      statuses: { [HEAD]: [{ context, state, description: '', url: '', updatedAt: '' }] },
      ...('on' in row ? row.on : {}),
    },
  });
  expect(world.labels).toEqual(after);
});
