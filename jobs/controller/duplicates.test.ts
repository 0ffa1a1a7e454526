import { describe, expect, it } from 'vitest';
import type { ProwJobSpec } from '../api/prowjob.ts';
import { sampleJob } from '../store/suite.ts';
import { isNewer, presubmitIdentity } from './duplicates.ts';

const refs = (org: string, repo: string, base: string, ...numbers: number[]) => ({
  org,
  repo,
  base_ref: base,
  base_sha: String(Math.random()),
  pulls: numbers.map((number) => ({ number, author: 'a', sha: String(Math.random()) })),
});

describe('presubmits are the same', () => {
  const a = refs('acme', 'site', 'main', 5);
  it.each<[string, ProwJobSpec, ProwJobSpec, boolean]>([
    ['whatever the commits', { refs: a }, { refs: refs('acme', 'site', 'main', 5) }, true],
    [
      'whatever the order of the pulls',
      { refs: refs('acme', 'site', 'main', 5, 6) },
      { refs: refs('acme', 'site', 'main', 6, 5) },
      true,
    ],
    ['not for other pulls', { refs: a }, { refs: refs('acme', 'site', 'main', 6) }, false],
    ['not for other branches', { refs: a }, { refs: refs('acme', 'site', 'v1', 5) }, false],
    ['not for other repositories', { refs: a }, { refs: refs('acme', 'tool', 'main', 5) }, false],
    ['not for other jobs', { refs: a }, { refs: a, job: 'e2e' }, false],
    [
      'whatever the order of the refs',
      { refs: a, extra_refs: [refs('acme', 'tool', 'main')] },
      { refs: refs('acme', 'tool', 'main'), extra_refs: [a] },
      true,
    ],
    ['not with other extra refs', { refs: a }, { refs: a, extra_refs: [refs('acme', 'tool', 'main')] }, false],
  ])('%s', (_, one, two, same) => {
    const [first, second] = [one, two].map((spec) => presubmitIdentity(sampleJob('x', { spec })));
    expect(first === second).toBe(same);
  });

  it.each(['postsubmit', 'periodic', 'batch'] as const)('never for a %s', (type) => {
    expect(presubmitIdentity(sampleJob('x', { spec: { type } }))).toBeUndefined();
  });
});

describe('the newer of two', () => {
  const at = (name: string, startTime: string, creationTimestamp?: string) => {
    const job = sampleJob(name, { status: { startTime } });
    return { ...job, metadata: { ...job.metadata, ...(creationTimestamp && { creationTimestamp }) } };
  };
  it.each([
    ['started later', at('a', '2026-01-01T00:00:02Z'), at('b', '2026-01-01T00:00:01Z')],
    [
      'created later',
      at('a', '2026-01-01T00:00:01Z', '2026-01-01T00:00:03Z'),
      at('b', '2026-01-01T00:00:01Z', '2026-01-01T00:00:02Z'),
    ],
    ['has the later name', at('b', '2026-01-01T00:00:01Z'), at('a', '2026-01-01T00:00:01Z')],
  ])('%s', (_, newer, older) => {
    expect([isNewer(newer, older), isNewer(older, newer), isNewer(older, older)]).toEqual([true, false, false]);
  });
});
