import { expect, test } from 'vitest';
import { file, happen } from '../../core/plugin/testing/index.ts';
import { ownersLabel } from './index.ts';

const OWNERS = {
  'api/OWNERS': 'labels: [kind/api, sig/api]',
  'docs/OWNERS': 'labels: [kind/docs]',
  'gone/OWNERS': 'labels: [kind/nowhere, kind/docs]',
};
const CATALOG = ['kind/api', 'sig/api', 'kind/docs', 'other'];

test.each([
  { files: ['docs/x'], before: [], after: ['kind/docs'] },
  { files: ['docs/x', 'docs/y'], before: ['other'], after: ['other', 'kind/docs'] },
  { files: ['docs/x', 'api/v1/y'], before: [], after: ['kind/api', 'kind/docs', 'sig/api'] },
  { files: ['api/x'], before: ['sig/api'], after: ['sig/api', 'kind/api'] },
  { files: ['api/x'], before: ['sig/api', 'Kind/Api'], after: ['sig/api', 'Kind/Api'] },
  { files: ['gone/x'], before: [], after: ['kind/docs'] },
  { files: ['main.go'], before: ['kind/docs'], after: ['kind/docs'] },
])('$files: $before becomes $after', async ({ files, before, after }) => {
  const world = await happen(ownersLabel, 'pull_request', 'synchronize', {
    world: { repoFiles: OWNERS, repoLabels: CATALOG, labels: before, files: files.map((path) => file(path)) },
  });
  expect(world.labels).toEqual(after);
});

test('where no label is wanted nothing more is asked', async () => {
  const world = await happen(ownersLabel, 'pull_request', 'opened', { world: { files: [file('x')] } });
  expect(world.calls).toEqual(['owners.load(main)', 'pull.files()']);
});

test.each(['reopened', 'edited'])('%s', async (action) => {
  const world = await happen(ownersLabel, 'pull_request', action, {
    world: { repoFiles: OWNERS, repoLabels: CATALOG, files: [file('docs/x')] },
  });
  expect(world.labels).toEqual(action === 'edited' ? [] : ['kind/docs']);
});
