import { expect, test } from 'vitest';
import { expandAliases, parseAliases } from './aliases.ts';

test.each([
  {
    text: 'aliases:\n  team1:\n    - alice\n    - bob\n  team2:\n    - nik',
    groups: { team1: ['alice', 'bob'], team2: ['nik'] },
    wrong: 0,
  },
  { text: 'aliases:\n  Team1: {Alice, "@bob"}', groups: { team1: ['alice', 'bob'] }, wrong: 0 },
  { text: 'aliases:\n  none: {}', groups: { none: [] }, wrong: 0 },
  { text: 'aliases:\n  none:\n', groups: { none: [] }, wrong: 0 },
  { text: 'aliases:\n  one:\n    - user1\n    two:\n    - user2', groups: {}, wrong: 1 },
  { text: 'aliases:\n  one: ""', groups: {}, wrong: 1 },
  { text: 'aliases:', groups: {}, wrong: 0 },
  { text: '', groups: {}, wrong: 0 },
  { text: 'aliases: [a]', groups: {}, wrong: 1 },
])('$text', ({ text, groups, wrong }) => {
  const read = parseAliases(text, 'OWNERS_ALIASES');
  expect(Object.fromEntries([...read.aliases].map(([name, members]) => [name, [...members]]))).toEqual(groups);
  expect(read.problems).toHaveLength(wrong);
});

const TEAMS = new Map([
  ['team/t1', new Set(['u1', 'u2'])],
  ['team/t2', new Set(['u1', 'u3'])],
  ['team/t3', new Set<string>()],
]);

test.each([
  [
    ['abc', 'def'],
    ['abc', 'def'],
  ],
  [
    ['abc', 'team/t1'],
    ['abc', 'u1', 'u2'],
  ],
  [
    ['u1', 'team/t1'],
    ['u1', 'u2'],
  ],
  [
    ['u1', 'team/t1', 'team/t2'],
    ['u1', 'u2', 'u3'],
  ],
  [['Team/T1'], ['u1', 'u2']],
  [['Team/T3'], []],
])('%j stands for %j', (written, meant) => {
  expect([...expandAliases(written, TEAMS)]).toEqual(meant);
});
