import { expect, test } from 'vitest';
import { createQueue } from './queue.ts';

function queueOf(...letters: [number, string][]) {
  const queue = createQueue(100);
  for (const [seq, key] of letters) queue.add({ seq, key });
  return queue;
}

test('one key in order, another beside it', () => {
  const queue = queueOf([3, 'b'], [2, 'a'], [1, 'a'], [2, 'a']);
  expect([queue.take(0), queue.take(0), queue.take(0)]).toEqual([
    { seq: 3, key: 'b' },
    { seq: 1, key: 'a' },
    undefined,
  ]);
  queue.end({ seq: 1, key: 'a' }, 'answered', 0);
  expect(queue.take(0)).toEqual({ seq: 2, key: 'a' });
  queue.end({ seq: 2, key: 'a' }, 'answered', 0);
  queue.end({ seq: 3, key: 'b' }, 'answered', 0);
  expect(queue.take(0)).toBeUndefined();
});

test('what is added before the letter that is on its way waits and stays', () => {
  const queue = queueOf([5, 'a']);
  queue.take(0);
  queue.add({ seq: 4, key: 'a' });
  queue.end({ seq: 5, key: 'a' }, 'answered', 0);
  expect(queue.take(0)).toEqual({ seq: 4, key: 'a' });
});

test('an endpoint that is away is asked by one at a time, of another key each time, less and less often', () => {
  const queue = queueOf([1, 'a'], [2, 'b'], [3, 'a']);
  const first = queue.take(0);
  expect(first).toEqual({ seq: 1, key: 'a' });
  queue.end({ seq: 1, key: 'a' }, 'away', 0);
  expect(queue.take(0)).toEqual({ waitMs: 100 });
  expect(queue.take(100)).toEqual({ seq: 2, key: 'b' });
  expect(queue.take(100)).toBeUndefined();
  queue.end({ seq: 2, key: 'b' }, 'away', 100);
  expect(queue.take(200)).toEqual({ waitMs: 100 });
  expect(queue.take(300)).toEqual({ seq: 1, key: 'a' });
});

test('the pause has an end', () => {
  const queue = queueOf([1, 'a']);
  for (let now = 0, i = 0; i < 40; i++, now += 60_000) {
    queue.take(now);
    queue.end({ seq: 1, key: 'a' }, 'away', now);
  }
  expect(queue.take(39 * 60_000)).toEqual({ waitMs: 60_000 });
});

test('an event that the endpoint can not stand holds up its own key alone', () => {
  const queue = queueOf([1, 'a'], [2, 'b'], [3, 'c']);
  queue.take(0);
  queue.end({ seq: 1, key: 'a' }, 'away', 0);
  queue.take(100);
  queue.end({ seq: 2, key: 'b' }, 'answered', 100);
  expect(queue.take(100)).toEqual({ seq: 3, key: 'c' });
});
