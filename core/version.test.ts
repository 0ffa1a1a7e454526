import { expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';
import { builtAs, versionTimestamp } from './version.ts';

it.each([
  ['v20260102-abcdef0', 1767312000],
  ['v20261302-abcdef0', -1],
  ['v0.1.0', -1],
  ['', -1],
])('the day of %j', (version, seconds) => {
  expect(versionTimestamp(version)).toBe(seconds);
});

it('an empty version is none', () => {
  expect(builtAs({ CUTWATER_VERSION: '' })).toBeUndefined();
  expect(builtAs({ CUTWATER_VERSION: 'v1' })).toBe('v1');
});

it('stands in the metrics of every process', async () => {
  const text = await createMetrics({ CUTWATER_VERSION: 'v20260102-abcdef0' }).metrics();
  expect(text).toContain('\nprow_version 1767312000\n');
});
