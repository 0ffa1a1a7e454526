import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLogger } from '../../core/log.ts';
import { WorkQueue, type WorkQueueOptions } from './queue.ts';

let queue: WorkQueue;
/** What was begun, in order. */
let begun: string[];
/** Ends the work on a key that hangs. */
let ends: Map<string, PromiseWithResolvers<number | undefined>>;

beforeEach(() => {
  vi.useFakeTimers();
  begun = [];
  ends = new Map();
});
afterEach(async () => {
  for (const { resolve } of ends.values()) resolve(undefined);
  await queue.stop();
  vi.useRealTimers();
});

function open(options: Partial<WorkQueueOptions> = {}): void {
  const work = (key: string) => {
    begun.push(key);
    const end = Promise.withResolvers<number | undefined>();
    ends.set(key, end);
    return end.promise;
  };
  queue = new WorkQueue({ work, workers: () => 2, log: createLogger('test', 'silent'), ...options });
}
const settle = () => vi.advanceTimersByTimeAsync(0);
const end = async (key: string, after?: number) => {
  ends.get(key)?.resolve(after);
  await settle();
};

it('has as many workers as it was given, first come first served', async () => {
  open();
  for (const key of ['a', 'b', 'c', 'd', 'c']) queue.add(key);
  await settle();
  expect(begun).toEqual(['a', 'b']);
  await end('b');
  expect(begun).toEqual(['a', 'b', 'c']);
  await end('a');
  await end('c');
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
});

it('works on a key that was added meanwhile once more, and never twice at a time', async () => {
  open();
  queue.add('a');
  await settle();
  for (let times = 0; times < 3; times += 1) queue.add('a');
  await settle();
  expect(begun).toEqual(['a']);
  await end('a');
  expect(begun).toEqual(['a', 'a']);
  await end('a');
  expect(begun).toEqual(['a', 'a']);
});

it('goes on in one lane while another hangs, and serves a key in the lane that it is in then', async () => {
  const moved = new Set<string>();
  open({ lane: (key) => (moved.has(key) ? 'there' : key.slice(0, 1)) });
  for (const key of ['a1', 'a2', 'a3', 'b1']) queue.add(key);
  await settle();
  expect(begun).toEqual(['a1', 'a2', 'b1']);
  moved.add('a1');
  queue.add('a1');
  await end('a1');
  expect(begun).toEqual(['a1', 'a2', 'b1', 'a1', 'a3']);
});

it('looks again when it is told to, and later each time after a failure', async () => {
  open();
  queue.add('a');
  await settle();
  await end('a', 5_000);
  await vi.advanceTimersByTimeAsync(4_999);
  expect(begun).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  for (const pause of [100, 200, 400]) {
    const before = begun.length;
    ends.get('a')?.reject(new Error('no'));
    await vi.advanceTimersByTimeAsync(pause - 1);
    expect(begun).toHaveLength(before);
    await vi.advanceTimersByTimeAsync(1);
    expect(begun).toHaveLength(before + 1);
  }
  await end('a');
});

it('takes nothing up after the stop, and waits for what runs', async () => {
  open();
  for (const key of ['a', 'b', 'c']) queue.add(key);
  await settle();
  let stopped = false;
  const stopping = queue.stop().then(() => {
    stopped = true;
  });
  queue.add('d');
  await end('a', 10);
  expect(stopped).toBe(false);
  await end('b');
  await stopping;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(begun).toEqual(['a', 'b']);
});
