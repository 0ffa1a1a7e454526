import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLogger } from '../core/log.ts';
import { createMetrics, type Metrics } from '../core/metrics.ts';
import { WorkQueue } from './controller/queue.ts';
import { queueMetrics } from './queue-metrics.ts';
import { ShardedQueue } from './report/queue.ts';

let registry: Metrics;
let end: PromiseWithResolvers<void>;

beforeEach(() => {
  vi.useFakeTimers();
  registry = createMetrics();
  end = Promise.withResolvers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** The lines of one metric, without its labels where they are as they have to be. */
async function values(name: string): Promise<string[]> {
  const text = await registry.getSingleMetricAsString(name);
  const lines = text.split('\n').filter((line) => line && !line.startsWith('#') && !line.includes('le='));
  return lines.map((line) => line.replace('{name="q",controller="q"}', ''));
}

const queues: [string, () => { add(key: string): void; stop(): Promise<void> }][] = [
  [
    "the controller's",
    () => {
      const log = createLogger('test', 'silent');
      const work = async () => void (await end.promise);
      return new WorkQueue({ work, workers: () => 1, log, observer: queueMetrics(registry, 'q') });
    },
  ],
  [
    "crier's",
    () => {
      const work = async () => {
        await end.promise;
        return {};
      };
      const queue = new ShardedQueue(work, 1, queueMetrics(registry, 'q'));
      return { add: (key) => queue.add('', key), stop: () => queue.close(0) };
    },
  ],
];

it.each(queues)('%s queue tells what waits, runs and was done', async (_, open) => {
  const queue = open();
  expect(await values('workqueue_adds_total')).toEqual(['workqueue_adds_total 0']);
  for (const key of ['a', 'b', 'b']) queue.add(key);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await values('workqueue_depth')).toEqual(['workqueue_depth 1']);
  expect(await values('workqueue_adds_total')).toEqual(['workqueue_adds_total 2']);
  expect(await values('workqueue_unfinished_work_seconds')).toEqual(['workqueue_unfinished_work_seconds 2']);
  expect(await values('workqueue_longest_running_processor_seconds')).toEqual([
    'workqueue_longest_running_processor_seconds 2',
  ]);
  queue.add('a');
  expect(await values('workqueue_depth')).toEqual(['workqueue_depth 2']);
  end.resolve();
  await vi.advanceTimersByTimeAsync(0);
  expect(await values('workqueue_depth')).toEqual(['workqueue_depth 0']);
  expect(await values('workqueue_unfinished_work_seconds')).toEqual(['workqueue_unfinished_work_seconds 0']);
  expect(await values('workqueue_work_duration_seconds')).toContain('workqueue_work_duration_seconds_count 3');
  expect(await values('workqueue_queue_duration_seconds')).toEqual([
    'workqueue_queue_duration_seconds_sum 2',
    'workqueue_queue_duration_seconds_count 3',
  ]);
  await queue.stop();
});

it.each(queues)('%s queue counts what it tries again', async (_, open) => {
  end.reject(new Error('not now'));
  end.promise.catch(() => {});
  const queue = open();
  queue.add('a');
  await vi.advanceTimersByTimeAsync(0);
  expect(await values('workqueue_retries_total')).toEqual(['workqueue_retries_total 1']);
  expect(await values('workqueue_depth')).toEqual(['workqueue_depth 0']);
  await queue.stop();
});
