import { expect, test } from 'vitest';
import { botComments, say } from '../../core/plugin/testing/index.ts';
import { milestone } from './index.ts';

const MILESTONES = [
  { number: 1, title: 'v1.0', state: 'open' },
  { number: 3, title: 'Next one', state: 'open' },
  { number: 2, title: 'v0.9', state: 'closed' },
];
const teams = { 'acme/keepers': ['Lead'], 'acme/others': ['default-lead'] };
const OWN = { 'acme/widgets': { maintainers_team: 'keepers', maintainers_friendly_name: 'Crew' } };
const ALL = { '': { maintainers_id: 2 } };
const INVALID =
  'Milestones in this repository: [`Next one`, `v0.9`, `v1.0`]\n\nUse `/milestone clear` to clear the milestone.';
const REFUSED =
  'You must be a member of the [acme/keepers](https://github.com/orgs/acme/teams/keepers/members) GitHub team to set the milestone. If you believe you should be able to issue the /milestone command, please contact your Crew and';

test.each<{ say: string; user?: string; before?: number; after: number | null; answer?: string; of?: object }>([
  { say: '/milestone v1.0', after: 1 },
  { say: '/milestone v0.9', after: 2 },
  { say: '/milestone  Next one \r', after: 3 },
  { say: '/milestone v2.0', after: null, answer: INVALID },
  { say: '/milestone V1.0', after: null, answer: INVALID },
  { say: '/milestone v1.0', user: 'follower', after: null, answer: REFUSED },
  { say: '/milestone clear', before: 1, after: null },
  { say: '/milestone clear', user: 'follower', before: 3, after: 3, answer: REFUSED },
  { say: 'Foo\n/milestone v1.0\r\n/priority critical-urgent', before: 3, after: 1 },
  { say: '/milestone v1.0', user: 'default-lead', after: 1, of: ALL },
  { say: '/milestone v1.0', user: 'default-lead', before: 3, after: 3, answer: REFUSED, of: { ...ALL, ...OWN } },
  { say: '/milestone v1.0', user: 'lead', after: null, answer: 'no milestone maintainers team is configured', of: {} },
  { say: '/milestone v1.0', user: 'lead', after: null, answer: 'please contact your SIG Chairs/TLs', of: ALL },
  { say: '/Milestone v1.0', after: null },
  { say: '/milestone', after: null },
  { say: '> /milestone v1.0', after: null },
])('$user: $say, $before becomes $after', async ({ say: words, user = 'lead', before, after, answer, of = OWN }) => {
  const world = await say(milestone, user, words, {
    world: { milestones: MILESTONES, milestone: before ?? null, teams, state: 'closed', isPull: false },
    settings: { repo_milestone: of },
  });
  expect(world.milestone).toBe(after);
  expect(botComments(world).map((body) => body.includes(answer ?? ''))).toEqual(answer ? [true] : []);
});
