import { expect, it } from 'vitest';
import { age, count, exact, group, took } from './format.ts';

const now = Date.parse('2026-11-21T12:00:00Z');

it.each([
  ['2026-11-21T11:59:48Z', '12 s ago'],
  ['2026-11-21T11:58:00Z', '2 min ago'],
  ['2026-11-21T09:00:00Z', '3 h ago'],
  ['2026-11-19T12:00:01Z', '47 h ago'],
  ['2026-11-19T11:00:00Z', '19 Nov'],
  ['2026-11-21T12:00:09Z', '0 s ago'],
])('%s is %s', (at, words) => {
  expect(age(Date.parse(at), now)).toBe(words);
});

it('counts, groups and times', () => {
  expect(count(1, 'job')).toBe('1 job');
  expect(count(12_408, 'status', 'statuses')).toBe('12,408 statuses');
  expect(group(999)).toBe('999');
  expect(took(38.4)).toBe('38 ms');
  expect(took(2130)).toBe('2.1 s');
  expect(exact('2026-11-21T06:38:12Z')).toBe('2026-11-21 06:38:12 UTC');
});
