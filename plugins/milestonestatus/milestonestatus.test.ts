import { expect, test } from 'vitest';
import { botComments, say } from '../../core/plugin/testing/index.ts';
import { milestonestatus } from './index.ts';

const REFUSED =
  'You must be a member of the [acme/keepers](https://github.com/orgs/acme/teams/keepers/members) GitHub team to add status labels. If you believe you should be able to issue the /status command, please contact your SIG Chairs/TLs and have them propose you as an additional delegate for this responsibility.';

test.each<{ say: string; user?: string; after: string[]; answers?: string[] }>([
  { say: '/status in-progress', after: ['status/in-progress'] },
  { say: '/status approved-for-milestone', after: ['status/approved-for-milestone'] },
  { say: '/status in-review', after: ['status/in-review'] },
  { say: '/status in-progress', user: 'follower', after: [], answers: [REFUSED] },
  { say: '/status abc', after: [] },
  { say: '/status', after: [] },
  { say: '/Status in-review', after: [] },
  { say: '/status in-progress\r\n/status in-review', after: ['status/in-progress', 'status/in-review'] },
  { say: '/status nonsense\n/status in-review', after: ['status/in-review'] },
])('$user: $say', async ({ say: words, user = 'lead', after, answers = [] }) => {
  const world = await say(milestonestatus, user, words, {
    world: { teams: { 'acme/keepers': ['lead'] } },
    settings: { repo_milestone: { 'acme/widgets': { maintainers_team: 'keepers' } } },
  });
  expect(world.labels).toEqual(after);
  expect(botComments(world)).toEqual(answers);
});
