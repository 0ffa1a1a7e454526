import { expect, it, onTestFinished, vi } from 'vitest';
import { createLogger } from '../../core/log.ts';
import { createMetrics } from '../../core/metrics.ts';
import { FakePods } from '../pods/fake.ts';
import { EmbeddedStore } from '../store/embedded.ts';
import { sampleJob } from '../store/suite.ts';
import { startController } from './runtime.ts';
import { other, SUCCEEDED, settle, testConfig, testPod } from './testing.ts';

it('metrics count jobs and their transitions with the labels of Prow', async () => {
  vi.useFakeTimers({ now: Date.parse('2026-01-02T03:05:00Z'), toFake: ['Date', 'setTimeout', 'clearTimeout'] });
  const store = new EmbeddedStore({ path: ':memory:' });
  const pods = new FakePods();
  const metrics = createMetrics();
  const controller = startController({
    store,
    pods,
    metrics,
    config: testConfig,
    podFor: testPod,
    jobUrl: () => '',
    buildId: async () => '1',
    version: 'v1',
    now: Date.now,
    log: createLogger('test', 'silent'),
  });
  onTestFinished(async () => {
    await controller.stop();
    store.close();
    vi.useRealTimers();
  });
  // It follows the jobs from here on: those that are there before count as no transition.
  await settle();
  await store.create(sampleJob('a'));
  await settle();
  pods.report('a', SUCCEEDED);
  await settle();
  await store.create(sampleJob('b', other(6)));
  await settle();
  await store.delete('b');
  await settle();
  await store.create(sampleJob('c', { spec: { agent: 'jenkins', job: 'elsewhere' } }));
  await settle();
  const text = await metrics.metrics();
  expect(text).not.toContain('elsewhere');
  const labels = (state: string) =>
    `{base_ref="main",cluster="",job_name="unit",job_namespace="",org="acme",repo="site",retest="false",state="${state}",type="presubmit"}`;
  expect(text).toContain(`prowjobs${labels('success')} 1\n`);
  expect(text).not.toContain(`prowjobs${labels('pending')}`);
  expect(text).toContain(`prowjob_state_transitions${labels('triggered')} 2\n`);
  expect(text).toContain(`prowjob_state_transitions${labels('success')} 1\n`);
});
