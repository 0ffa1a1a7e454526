import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configOf } from '../../core/config/config.ts';
import { createLogger } from '../../core/log.ts';
import { createMetrics } from '../../core/metrics.ts';
import { UTILITIES } from '../../jobs/api/labels.ts';
import type { ProwJobSpec } from '../../jobs/api/prowjob.ts';
import { FakePods } from '../../jobs/pods/fake.ts';
import { roleOf } from '../../jobs/spec/roles.ts';
import { EmbeddedStore } from '../../jobs/store/embedded.ts';
import { sampleJob } from '../../jobs/store/suite.ts';
import type { Running } from './context.ts';
import { runController } from './controller.ts';
import { confinementOf } from './pods.ts';

type Flags = Parameters<typeof confinementOf>[0];

const flags: Flags = { 'local-runtime': 'podman', 'local-repo-secret': [], 'local-host-access': false };
let store: EmbeddedStore;
let pods: FakePods;
let running: Running | undefined;

beforeEach(() => {
  store = new EmbeddedStore({ path: ':memory:' });
  pods = new FakePods();
});
afterEach(async () => {
  await running?.stop(1_000);
  store.close();
});

/** What becomes of a job that says of its container that it is the entrypoint. */
async function ran(spec: Partial<ProwJobSpec>, given: Partial<Flags> = {}) {
  running = runController({
    config: () => configOf(),
    store,
    pods,
    dryRun: false,
    log: createLogger('test', 'silent'),
    registry: createMetrics(),
    buildId: async () => '1',
    outputDir: '/data/artifacts',
    confinement: confinementOf({ ...flags, ...given }),
  });
  const job = sampleJob('a', { spec });
  const annotations = { [UTILITIES]: JSON.stringify({ test: 'entrypoint' }) };
  await store.create({ ...job, metadata: { ...job.metadata, annotations } });
  await expect.poll(async () => (await store.get('a'))?.status.state).not.toBe('triggered');
  return (await store.get('a'))?.status;
}

describe('a job for this machine that reaches for it', () => {
  const pod_spec = {
    volumes: [{ name: 'v', hostPath: { path: '/' } }],
    containers: [{ name: 'test', command: ['/entrypoint'], env: [{ name: 'ENTRYPOINT_OPTIONS', value: '{}' }] }],
  };

  it('ends in error in containers, and nothing of it runs', async () => {
    expect(await ran({ pod_spec })).toMatchObject({
      state: 'error',
      description: expect.stringContaining('pod_spec.volumes[0].hostPath: '),
    });
    expect(pods.calls).toEqual([]);
  });

  it.each<[string, Partial<Flags>]>([
    ['where the operator allows it', { 'local-host-access': true }],
    ['as plain processes, which nothing keeps from the machine', { 'local-runtime': 'process' }],
  ])('runs %s, its containers as its own', async (_, given) => {
    expect(await ran({ pod_spec }, given)).toMatchObject({ state: 'pending' });
    const pod = await pods.get('default', 'a');
    expect(pod && roleOf(pod, 'test')).toBe('program');
  });
});
