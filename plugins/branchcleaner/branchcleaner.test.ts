import { expect, test } from 'vitest';
import { happen, type World } from '../../core/plugin/testing/index.ts';
import { branchcleaner } from './index.ts';

const merged: Partial<World> = { merged: true, state: 'closed', headOrg: 'acme', refs: { 'heads/topic': 'b' } };

test.each<{ name: string; world: Partial<World>; preserved?: Record<string, string[]>; left: string[] }>([
  { name: 'a branch of the same repository goes', world: {}, left: [] },
  { name: 'a fork keeps its branch', world: { headOrg: 'bob' }, left: ['heads/topic'] },
  { name: 'closed without a merge', world: { merged: false }, left: ['heads/topic'] },
  { name: 'preserved by the repository', world: {}, preserved: { 'acme/widgets': ['topic'] }, left: ['heads/topic'] },
  { name: 'preserved by the organization', world: {}, preserved: { acme: ['topic'] }, left: ['heads/topic'] },
  { name: 'another one is preserved', world: {}, preserved: { acme: ['main'] }, left: [] },
])('$name', async ({ world, preserved, left }) => {
  const settings = preserved ? { branch_cleaner: { preserved_branches: preserved } } : {};
  const after = await happen(branchcleaner, 'pull_request', 'closed', { world: { ...merged, ...world }, settings });
  expect(Object.keys(after.refs)).toEqual(left);
});

test('only at the merge', async () => {
  const after = await happen(branchcleaner, 'pull_request', 'labeled', { world: merged });
  expect(after.calls).toEqual([]);
});

test('what the help page says of it', () => {
  const { config } = branchcleaner;
  expect(config?.describe?.(['main', 'release'])).toBe('The preserved branches are [main release]');
  expect(config?.describe?.([])).toBe('');
});
