import { expect, it } from 'vitest';
import { age, count, duration, size } from './format.ts';

it('writes durations, sizes, counts and ages as look and feel ask', () => {
  expect([48_000, 271_000, 3_729_000].map(duration)).toEqual(['0:48', '4:31', '1:02:09']);
  expect([512, 184_000, 1_200_000, 2_500_000_000].map(size)).toEqual(['512 B', '184 KB', '1.2 MB', '2.5 GB']);
  expect(count(1, 'line')).toBe('1 line');
  expect(count(1286, 'line')).toBe('1,286 lines');
  expect(age(0, 59_000)).toBe('59 s ago');
  expect(age(0, 180_000)).toBe('3 min ago');
});
