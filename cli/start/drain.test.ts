import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EmbeddedStore } from '../../jobs/store/embedded.ts';
import { sampleJob } from '../../jobs/store/suite.ts';
import { drainJobs } from './drain.ts';

const log = pino({ level: 'silent' });
let store: EmbeddedStore;
beforeEach(() => {
  store = new EmbeddedStore({ path: ':memory:' });
});
afterEach(() => store.close());

async function pending(name: string): Promise<void> {
  await store.create(sampleJob(name));
  await store.update(name, (job) => ({ ...job, status: { ...job.status, state: 'pending', pod_name: name } }));
}

function end(name: string, state: 'success' | 'aborted') {
  return store.update(name, (job) => ({
    ...job,
    status: { ...job.status, state, completionTime: new Date().toISOString() },
  }));
}

test('a job that finishes in time is waited for', async () => {
  await pending('quick');
  const drained = drainJobs({ store, graceMs: 60_000, log });
  await end('quick', 'success');
  await drained;
  expect((await store.get('quick'))?.status.state).toBe('success');
});

test('a job that does not is aborted, and its end is waited for', async () => {
  await pending('endless');
  const watch = store.watch((await store.list()).resourceVersion, AbortSignal.timeout(10_000));
  const controller = (async () => {
    for await (const event of watch) {
      if (event.type !== 'modified' || event.job.status.state !== 'aborted') continue;
      return void (await end('endless', 'aborted'));
    }
  })();
  await drainJobs({ store, graceMs: 0, log });
  await controller;
  expect((await store.get('endless'))?.status.description).toBe(
    'Aborted: the program was stopped before the job ended.',
  );
});

test('a job that has not begun is left for the next start', async () => {
  await store.create(sampleJob('later'));
  await drainJobs({ store, graceMs: 60_000, log });
  expect((await store.get('later'))?.status.state).toBe('triggered');
});
