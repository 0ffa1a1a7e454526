import { expect, test } from 'vitest';
import { goPermutation } from './go-random.ts';

test.each([
  { seed: 1, order: [0, 4, 2, 3, 1] },
  { seed: 0, order: [1, 2, 3, 0] },
  { seed: 5, order: [3, 2, 4, 1, 9, 7, 0, 8, 6, 5] },
  { seed: 4711, order: [1, 2, 5, 4, 3, 0, 6] },
  { seed: 133_742, order: [18, 2, 13, 14, 12, 0, 16, 17, 19, 9, 6, 10, 1, 3, 8, 4, 7, 11, 15, 5] },
  { seed: 2 ** 31, order: [0, 1, 2] },
  { seed: 7, order: [] },
])('what Go gives for $seed', ({ seed, order }) => {
  expect(goPermutation(seed, order.length)).toEqual(order);
});

test('the state comes round: more numbers than it holds', () => {
  const order = goPermutation(5, 1000);
  expect([order.slice(0, 5), order.slice(995)]).toEqual([
    [554, 750, 113, 500, 962],
    [289, 887, 174, 478, 275],
  ]);
});
