import { expect, test } from 'vitest';
import { botComments, comment, commit, createWorld, happen, say, type World } from '../../core/plugin/testing/index.ts';
import { dco } from './index.ts';

const HEAD = createWorld().headSha;
const YES = 'dco-signoff: yes';
const NO = 'dco-signoff: no';
const SIGNED = commit('not a sign off\n\nSigned-off-by: Bob <bob@example.test>');
const LOWER = commit('x\n\nsigned-off-by: bob');
const UNSIGNED = commit('not a sign off', { sha: 'sha1234567890', author: 'test' });
const MERGE = commit('Merge', { parents: ['a', 'b'] });
const MENTIONED = commit('about Signed-off-by: lines');
const OLD =
  "Thanks for your pull request. Before we can look at it, you'll need to add a 'DCO signoff' to your commits.";

const stateOf = (world: World) => world.statuses[HEAD]?.[0];
const standing = (state: 'success' | 'failure') => ({
  [HEAD]: [{ context: 'dco', state, description: '', url: '', updatedAt: '' }],
});

interface Row {
  name: string;
  commits: World['commits'];
  config?: object;
  world?: Partial<World>;
  signed: boolean;
}

test.each<Row>([
  { name: 'signed', commits: [SIGNED], signed: true },
  { name: 'in small letters', commits: [LOWER], signed: true },
  { name: 'a merge needs none', commits: [SIGNED, MERGE], signed: true },
  { name: 'one of two is missing', commits: [SIGNED, UNSIGNED], signed: false },
  { name: 'a mention is none', commits: [MENTIONED], signed: false },
  { name: 'signed now', commits: [SIGNED], world: { labels: [NO], statuses: standing('failure') }, signed: true },
  { name: 'no longer', commits: [UNSIGNED], world: { labels: [YES], statuses: standing('success') }, signed: false },
  {
    name: 'a member',
    commits: [UNSIGNED],
    config: { skip_dco_check_for_members: true },
    world: { members: { acme: ['test'] } },
    signed: true,
  },
  { name: 'a member who is not spared', commits: [UNSIGNED], world: { members: { acme: ['test'] } }, signed: false },
  { name: 'no member', commits: [UNSIGNED], config: { skip_dco_check_for_members: true }, signed: false },
  {
    name: 'a collaborator, where members are spared',
    commits: [UNSIGNED],
    config: { skip_dco_check_for_members: true },
    world: { collaborators: ['test'] },
    signed: false,
  },
  {
    name: 'a collaborator',
    commits: [UNSIGNED],
    config: { skip_dco_check_for_collaborators: true },
    world: { collaborators: ['test'] },
    signed: true,
  },
  {
    name: 'a member of the trusted organisation',
    commits: [UNSIGNED],
    config: { skip_dco_check_for_members: true, trusted_org: 'friends' },
    world: { members: { friends: ['test'] } },
    signed: true,
  },
  {
    name: 'an App',
    commits: [commit('x', { author: 'dependabot[bot]' })],
    config: { trusted_apps: ['dependabot'] },
    signed: true,
  },
  {
    name: 'nobody knows the author',
    commits: [commit('x', { author: '' })],
    config: { skip_dco_check_for_members: true },
    world: { members: { acme: [''] } },
    signed: false,
  },
])('$name', async ({ commits, config = {}, world, signed }) => {
  const after = await happen(dco, 'pull_request', 'opened', {
    world: { commits, ...world },
    settings: { dco: { 'acme/widgets': config } },
  });
  expect(after.labels).toEqual([signed ? YES : NO]);
  expect(stateOf(after)).toMatchObject(
    signed
      ? { context: 'dco', state: 'success', description: 'All commits have Signed-off-by' }
      : { context: 'dco', state: 'failure', description: 'Commits in PR missing Signed-off-by' },
  );
  expect(botComments(after)).toHaveLength(signed ? 0 : 1);
});

test('the comment to the letter; it replaces an older one', async () => {
  const world = await happen(dco, 'pull_request', 'synchronize', {
    world: { commits: [UNSIGNED], comments: [comment('ci-robot', OLD)] },
    settings: {
      dco: { '*': { contributing_branch: 'main' }, acme: { contributing_repo: 'o/r', contributing_path: 'C.md' } },
    },
  });
  expect(botComments(world)).toEqual([
    `${OLD}

:memo: **Please follow instructions in the [contributing guide](https://github.com/o/r/blob/master/C.md) to update your commits with the DCO**

Full details of the Developer Certificate of Origin can be found at [developercertificate.org](https://developercertificate.org/).

**The list of commits missing DCO signoff**:

- [sha1234](https://github.com/acme/widgets/commits/sha1234567890) not a sign off

<details>

Instructions for interacting with me using PR comments are available [here](https://git.k8s.io/community/contributors/guide/pull-requests.md).  If you have questions or suggestions related to my behavior, please file an issue against the [kubernetes-sigs/prow](https://github.com/kubernetes-sigs/prow/issues/new?title=Prow%20issue:) repository. I understand the commands that are listed [here](https://go.k8s.io/bot-commands).
</details>
`,
  ]);
  expect(stateOf(world)?.url).toBe('https://github.com/o/r/blob/master/C.md');
});

test('signed at last: the comment goes, and what stands already is not written again', async () => {
  const world = await happen(dco, 'pull_request', 'reopened', {
    world: { commits: [SIGNED], labels: [YES], statuses: standing('success'), comments: [comment('ci-robot', OLD)] },
  });
  expect(botComments(world)).toEqual([]);
  expect(world.calls.filter((call) => /labels\.add|statuses\.set/.test(call))).toEqual([]);
  expect(stateOf(world)?.url).toBe('');
});

test('reopened: no comment', async () => {
  const world = await happen(dco, 'pull_request', 'reopened', { world: { commits: [UNSIGNED] } });
  expect([world.labels, botComments(world)]).toEqual([[NO], []]);
  expect(stateOf(world)?.url).toBe('https://github.com/acme/widgets/blob/master/CONTRIBUTING.md');
});

test.each([
  { words: '/check-dco', checked: true },
  { words: 'hm\n/CHECK-DCO \n', checked: true },
  { words: '/check-dco please', checked: false },
  { words: '/check-dco', world: { isPull: false }, checked: false },
  { words: '/check-dco', world: { state: 'closed' as const }, checked: false },
])('$words on $world', async ({ words, world, checked }) => {
  const after = await say(dco, 'anybody', words, { world: { commits: [UNSIGNED], ...world } });
  expect([after.labels, botComments(after).length]).toEqual(checked ? [[NO], 1] : [[], 0]);
});

test('an edited pull request changes no commit', async () => {
  expect((await happen(dco, 'pull_request', 'edited', { world: { commits: [UNSIGNED] } })).calls).toEqual([]);
});
