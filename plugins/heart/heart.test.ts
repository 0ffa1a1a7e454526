import { expect, test } from 'vitest';
import { file, happen, say } from '../../core/plugin/testing/index.ts';
import { heart } from './index.ts';

test.each([
  { action: 'opened', path: 'foo/bar/OWNERS', additions: 1, after: ['heart'] },
  { action: 'opened', path: 'OWNERS', additions: 1, after: ['heart'] },
  { action: 'opened', path: 'foo/bar/OWNERS_ALIASES', additions: 1, after: ['heart'] },
  { action: 'opened', path: 'foo/bar/OWNERS', additions: 0, after: [] },
  { action: 'opened', path: 'foo/bar/foo.go', additions: 1, after: [] },
  { action: 'opened', path: 'x/OWNERS.md', additions: 1, after: [] },
  { action: 'opened', path: 'x/MAINTAINERS', additions: 1, after: ['heart'], owners: 'MAINTAINERS' },
  { action: 'reopened', path: 'foo/bar/OWNERS', additions: 1, after: [] },
])('$action with $additions lines more in $path', async ({ action, path, additions, after, owners = 'OWNERS' }) => {
  const world = await happen(heart, 'pull_request', action, {
    world: { files: [file('other'), file(path, { additions })] },
    settings: { owners: { filenames: { 'acme/widgets': { owners } } } },
  });
  expect(world.reactions).toEqual(after);
});

test.each([
  { user: 'queen', say: 'Congratulations!', after: ['heart to comment 1'] },
  { user: 'queen', say: 'Hm.', after: [] },
  { user: 'bob', say: 'Congratulations!', after: [] },
  { user: 'queen', say: 'Congratulations!', after: [], isPull: false },
  { user: 'queen', say: 'Congratulations!', after: [], settings: { adorees: ['queen'] } },
])('$user: $say', async ({ user, say: words, after, isPull = true, settings }) => {
  const configured = { adorees: ['queen'], commentregexp: '^Congrat' };
  const world = await say(heart, user, words, { world: { isPull }, settings: { heart: settings ?? configured } });
  expect(world.reactions).toEqual(after);
});
