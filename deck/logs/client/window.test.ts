import { expect, it } from 'vitest';
import type { LogWindow } from '../views.ts';
import { joined, lastOf, MOST_LINES } from './window.ts';

const window = (first: number, count: number): LogWindow => ({
  first,
  lines: Array.from({ length: count }, (_, index) => [[String(first + index)]]),
});

it.each([
  ['later lines', window(1, 3), window(4, 2), window(1, 5)],
  ['overlapping ones', window(1, 3), window(3, 2), window(1, 4)],
  ['earlier lines', window(10, 3), window(7, 3), window(7, 6)],
  ['nothing', window(1, 3), window(4, 0), window(1, 3)],
])('joins %s', (_, shown, added, result) => {
  expect(joined(shown, added)).toEqual(result);
});

it('never grows past what a page can hold, and lets go of the far end', () => {
  const later = joined(window(1, MOST_LINES), window(MOST_LINES + 1, 10));
  expect([later.first, lastOf(later)]).toEqual([11, MOST_LINES + 10]);
  const earlier = joined(window(11, MOST_LINES), window(1, 10));
  expect([earlier.first, lastOf(earlier)]).toEqual([1, MOST_LINES]);
});
