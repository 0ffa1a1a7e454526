import { expect, test } from 'vitest';
import type { PortMap } from '../../core/plugin/index.ts';
import { botComments, comment, commit, happen, say, type World } from '../../core/plugin/testing/index.ts';
import { cherrypicker } from './index.ts';

type Git = PortMap['git']['cherryPick'];
type Outcome = Awaited<ReturnType<Git>>;

/** Git as it goes well unless told otherwise, with what it was asked. */
function gitThat(answer: (target: string) => Outcome = () => ({ kind: 'pushed', commit: 'd'.repeat(40) })) {
  const orders: Parameters<Git>[0][] = [];
  const cherryPick: Git = async (order) => {
    orders.push(order);
    return answer(order.target);
  };
  return { orders, ports: { git: { cherryPick } } };
}

const NOTE = '```release-note\nUpdate the magic number from 42 to 49\n```';
const merged: Partial<World> = {
  merged: true,
  state: 'closed',
  title: 'This is a fix for X',
  body: NOTE,
  commits: [commit('one'), commit('merge', { sha: 'e'.repeat(40), parents: ['a', 'b'] })],
};
const MERGED_NOW = { pull_request: { merged_at: '2026-01-01T12:00:00Z' } };
const ASKED = { members: { acme: ['alice', 'wendy'] } };

/** What the bot said, without its quotes. */
const said = (world: World) => botComments(world).map((body) => body.split('\n\n<details>')[0]);
const pulls = (world: World) => world.created.filter((made) => made.kind === 'pull');

test.each<{ name: string; user?: string; words: string; world?: Partial<World>; settings?: object; says: string[] }>([
  {
    name: 'before the merge it is promised',
    words: '/cherry-pick release-1',
    says: [
      '@alice: once the present PR merges, I will cherry-pick it on top of `release-1` in a new PR and assign it to you.',
    ],
  },
  {
    name: 'several branches, in order',
    words: '/cherrypick release-2\n/cherrypick release-1',
    says: [
      '@alice: once the present PR merges, I will cherry-pick it on top of `release-1`, `release-2` in new PRs and assign them to you.',
    ],
  },
  {
    name: 'the base branch among them',
    words: '/cherrypick main\n/cherrypick release-1',
    says: [
      '@alice: once the present PR merges, I will cherry-pick it on top of `release-1` in a new PR and assign it to you. I cannot cherry-pick it on top of `main` because that is already its base branch.',
    ],
  },
  {
    name: 'only the base branch',
    words: '/cherrypick main',
    says: ['@alice: I cannot cherry-pick the present PR on top of its base branch (`main`).'],
  },
  {
    name: 'closed without a merge',
    words: '/cherrypick release-1',
    world: { state: 'closed' },
    says: ['@alice: cannot cherry-pick an unmerged PR'],
  },
  {
    name: 'who is no member, before the merge',
    user: 'stranger',
    words: '/cherrypick release-1',
    says: [
      '@stranger: only [acme](https://github.com/orgs/acme/people) org members may request cherry picks. If you are already part of the org, make sure to [change](https://github.com/orgs/acme/people?query=stranger) your membership to public. Otherwise you can still do the cherry-pick manually. ',
    ],
  },
  {
    name: 'everybody may, where the settings say so',
    user: 'stranger',
    words: '/cherrypick release-1',
    settings: { 'allow-all': true },
    says: [
      '@stranger: once the present PR merges, I will cherry-pick it on top of `release-1` in a new PR and assign it to you.',
    ],
  },
  { name: 'no branch', words: '/cherrypick', says: [] },
  { name: 'another case', words: '/Cherrypick release-1', says: [] },
  { name: 'in code', words: '```\n/cherrypick release-1\n```', says: [] },
  { name: 'what is no branch', words: '/cherrypick `release-1`', says: [] },
  { name: 'a very long name', words: `/cherrypick ${'x'.repeat(60_000)}`, says: [] },
  {
    name: 'too many at once',
    words: Array.from({ length: 40 }, (_, index) => `/cherrypick b${index}`).join('\n'),
    says: ['@alice: I cherry-pick to at most 30 branches at once.'],
  },
])('$name', async ({ user = 'alice', words, world = {}, settings, says }) => {
  const { orders, ports } = gitThat();
  const after = await say(cherrypicker, user, words, { world, ports, settings: { cherrypicker: settings ?? {} } });
  expect(said(after)).toEqual(says);
  expect(orders).toEqual([]);
});

test('after the merge: a branch in the fork, and a pull request with all that belongs to it', async () => {
  const { orders, ports } = gitThat();
  const world = await say(cherrypicker, 'alice', '/cherrypick release-1.6 release-1.5 release-1.4', {
    world: { ...merged, labels: ['kind/cleanup', 'kind/bug', 'kind/', 'lgtm'] },
    settings: { cherrypicker: { labels: ['cla: yes', 'x'] } },
    ports,
  });
  expect(orders).toEqual([
    {
      head: 'b'.repeat(40),
      commits: ['b'.repeat(40)],
      target: 'release-1.6',
      branch: 'cherry-pick-5-to-release-1.6',
      to: { org: 'ci-robot', repo: 'widgets' },
      committer: 'ci-robot',
    },
  ]);
  expect(world.created).toEqual([
    {
      kind: 'pull',
      title: '[release-1.6] This is a fix for X',
      body: `This is an automated cherry-pick of #5\n\n/assign alice\n\n${NOTE}\n\n/cherrypick release-1.5 release-1.4\n\n/kind bug\n/kind cleanup`,
      head: 'ci-robot:cherry-pick-5-to-release-1.6',
      base: 'release-1.6',
    },
  ]);
  expect(said(world)).toEqual(['@alice: new pull request created: #101']);
  expect(world.calls).toContain('labels.add(cla: yes, x)');
  expect(world.assignees).toEqual(['alice']);
});

test.each<{ name: string; world: Partial<World>; head: string }>([
  { name: 'a fork', world: {}, head: 'ci-robot:cherry-pick-5-to-release-1' },
  { name: 'no fork where that is forbidden', world: { forking: 'forbidden' }, head: 'cherry-pick-5-to-release-1' },
  { name: 'no fork for an App', world: { bot: 'cutwater[bot]' }, head: 'cherry-pick-5-to-release-1' },
])('$name', async ({ world, head }) => {
  const after = await say(cherrypicker, 'alice', '/cherrypick release-1', {
    world: { ...merged, ...world },
    ports: gitThat().ports,
  });
  expect(pulls(after)).toMatchObject([{ head }]);
});

test('nobody is assigned where Prow commands are not to be used', async () => {
  const settings = { cherrypicker: { 'use-prow-assignments': false } };
  const world = await say(cherrypicker, 'alice', '/cherrypick release-1', {
    world: { ...merged, body: '' },
    settings,
    ports: gitThat().ports,
  });
  expect(pulls(world)).toMatchObject([{ body: 'This is an automated cherry-pick of #5' }]);
  expect(world.assignees).toEqual([]);
});

test('a cherry-pick of a cherry-pick has one branch in its title', async () => {
  const world = await say(cherrypicker, 'alice', '/cherrypick release-1.5', {
    world: { ...merged, baseRef: 'release-1.6', title: '[release-1.6] [x] A fix' },
    ports: gitThat().ports,
  });
  expect(pulls(world)).toMatchObject([{ title: '[release-1.5] [x] A fix' }]);
});

test.each<{ name: string; world?: Partial<World>; outcome?: Outcome; says: RegExp }>([
  {
    name: 'there is one already',
    world: { openPulls: { 'ci-robot:cherry-pick-5-to-r1 r1': 9 } },
    says: /: new pull request could not be created: Looks like #5 has already been cherry picked in https:\/\/github.com\/acme\/widgets\/pull\/9$/,
  },
  {
    name: 'no such branch',
    outcome: { kind: 'no-branch', message: 'acme/widgets has no such branch' },
    says: /: cannot checkout `r1`: acme\/widgets has no such branch$/,
  },
  {
    name: 'the commits are gone',
    outcome: { kind: 'no-commits', message: 'not our ref' },
    says: /: Failed to get PR patch from GitHub\. This PR will need to be manually cherrypicked\.\n.*not our ref/,
  },
  { name: 'too many commits', world: { commits: Array(251).fill(commit('x')) }, says: /it has 251 commits/ },
  {
    name: 'not allowed to push',
    outcome: { kind: 'push-refused', message: 'protected branch' },
    says: /: failed to push cherry-picked changes in GitHub: protected branch$/,
  },
  {
    name: 'nothing to do',
    outcome: { kind: 'empty' },
    says: /: new pull request could not be created: branch `r1` has these changes already$/,
  },
  {
    name: 'no fork, for no known reason',
    world: { forking: 'invalid' },
    says: /: cannot decide how to push into acme\/widgets: Forking is not allowed$/,
  },
])('told: $name', async ({ world, outcome, says }) => {
  const { ports } = gitThat(outcome && (() => outcome));
  const after = await say(cherrypicker, 'alice', '/cherrypick r1', { world: { ...merged, ...world }, ports });
  expect(said(after)).toEqual([expect.stringMatching(says)]);
  expect(after.created).toEqual([]);
});

const CONFLICT: Outcome = {
  kind: 'conflict',
  commit: 'b'.repeat(40),
  subject: 'evil ``` subject',
  paths: ['a.txt', 'b\n/lgtm'],
};

test('a conflict is told, with what to do', async () => {
  const { ports } = gitThat(() => CONFLICT);
  const world = await say(cherrypicker, 'alice', '/cherrypick r1', { world: merged, ports });
  const [text = ''] = said(world);
  expect(text).toContain(`@alice: #5 failed to apply on top of branch "r1":\n\`\`\`\nApplying: evil ''' subject\n`);
  expect(text).toContain('CONFLICT: Merge conflict in a.txt\nCONFLICT: Merge conflict in b\\n/lgtm\n');
  expect(text).toContain(`git checkout -b cherry-pick-5-to-r1 origin/r1\ngit cherry-pick -x ${'b'.repeat(40)}`);
  expect(world.created).toEqual([]);
});

test('where the settings say so, a conflict becomes an issue', async () => {
  const settings = { cherrypicker: { 'create-issue-on-conflict': true } };
  const { ports } = gitThat(() => CONFLICT);
  const world = await say(cherrypicker, 'alice', '/cherrypick r1', { world: merged, ports, settings });
  expect(world.created).toMatchObject([{ kind: 'issue', title: '[r1] This is a fix for X', assignees: ['alice'] }]);
  expect(world.created[0]?.body).toMatch(/^Manual cherrypick required\.\n\n#5 failed to apply on top of branch "r1":/);
  expect(said(world)[1]).toBe('@alice: new issue created for failed cherrypick: #101');
});

test('names from outside are one word for a shell', async () => {
  const { ports } = gitThat(() => CONFLICT);
  const world = await say(cherrypicker, 'alice', "/cherrypick r'$(id)", { world: merged, ports });
  expect(said(world)[0]).toContain(`git checkout -b 'cherry-pick-5-to-r'\\''$(id)' 'origin/r'\\''$(id)'`);
});

test('what fails for one branch keeps no other from being served', async () => {
  const { orders, ports } = gitThat((target) => {
    if (target === 'a') throw new Error('broken');
    return { kind: 'pushed', commit: 'd' };
  });
  const picked = say(cherrypicker, 'alice', '/cherrypick a\n/cherrypick b', { world: merged, ports });
  await expect(picked).rejects.toThrow('broken');
  expect(orders.map(({ target }) => target)).toEqual(['a', 'b']);
});

test('at the merge, everything that members asked for is done once', async () => {
  const world = await happen(cherrypicker, 'pull_request', 'closed', {
    payload: MERGED_NOW,
    world: {
      ...merged,
      ...ASKED,
      author: 'wendy',
      body: '/cherrypick release-1.9',
      labels: ['cherrypick/release-1.4', 'cherrypick/release-1.5', 'other'],
      comments: [
        comment('stranger', '/cherrypick release-0'),
        comment('alice', 'words\n/cherrypick release-1.5\r\n/cherrypick main'),
        comment('alice', '/cherry-pick release-1.6\n/cherrypick release-1.6 release-1.2'),
        comment('wendy', '> /cherrypick release-3'),
        comment('alice', '/cherrypick release-8', { createdAt: '2026-01-01T12:00:01Z' }),
      ],
    },
    ports: gitThat().ports,
  });
  expect(
    pulls(world).map(({ base, body }) => [base, /\/assign (\w+)/.exec(body)?.[1], /\/cherrypick (.*)/.exec(body)?.[1]]),
  ).toEqual([
    ['release-1.9', 'wendy', undefined],
    ['release-1.5', 'alice', undefined],
    ['release-1.6', 'alice', 'release-1.2'],
    ['release-1.4', 'wendy', undefined],
  ]);
  expect(said(world)).toContain('@alice: base branch (main) needs to differ from target branch (main)');
  expect(said(world)).toContain('In response to a cherrypick label: new pull request created: #104');
});

test('the bot goes on with a chain, though it is no member', async () => {
  const world = await happen(cherrypicker, 'pull_request', 'closed', {
    payload: MERGED_NOW,
    world: { ...merged, author: 'ci-robot', baseRef: 'r2', title: '[r2] A fix', body: 'x\n\n/cherrypick r1 r0' },
    ports: gitThat().ports,
  });
  expect(pulls(world)).toMatchObject([
    { base: 'r1', title: '[r1] A fix', body: expect.stringMatching(/^\/cherrypick r0$/m) },
  ]);
});

test.each<{ name: string; world: Partial<World>; label?: string; prefix?: string; says: RegExp[]; picked: string[] }>([
  {
    name: 'after the merge',
    world: merged,
    says: [/^In response to a cherrypick label: new pull request created: #101$/],
    picked: ['r1'],
  },
  {
    name: 'before the merge',
    world: {},
    says: [
      /^In response to a cherrypick label: @bob once the present PR merges, I will cherry-pick it on top of `r1` in a new PR and assign it to you\.$/,
    ],
    picked: [],
  },
  {
    name: 'for the base branch',
    world: merged,
    label: 'cherrypick/main',
    says: [/base branch \(main\) needs to differ from target branch \(main\)$/],
    picked: [],
  },
  {
    name: 'on what a stranger opened',
    world: { ...merged, author: 'outsider' },
    says: [/: only \[acme\]/],
    picked: [],
  },
  { name: 'of another kind', world: merged, label: 'lgtm', says: [], picked: [] },
  {
    name: 'with a prefix of its own',
    world: merged,
    label: 'needs-cherry-pick-r1',
    prefix: 'needs-cherry-pick-',
    says: [/new pull request created/],
    picked: ['r1'],
  },
])('a label $name', async ({ world, label = 'cherrypick/r1', prefix, says, picked }) => {
  const after = await happen(cherrypicker, 'pull_request', 'labeled', {
    world: { members: { acme: ['bob'] }, ...world },
    payload: { label: { name: label } },
    settings: { cherrypicker: prefix === undefined ? {} : { 'label-prefix': prefix } },
    ports: gitThat().ports,
  });
  expect(said(after)).toEqual(says.map((pattern) => expect.stringMatching(pattern)));
  expect(pulls(after).map(({ base }) => base)).toEqual(picked);
});

test('nothing is read of a pull request that was closed without a merge', async () => {
  const world = await happen(cherrypicker, 'pull_request', 'closed', {
    payload: MERGED_NOW,
    world: { state: 'closed' },
    ports: gitThat().ports,
  });
  expect(world.calls).toEqual([]);
});
