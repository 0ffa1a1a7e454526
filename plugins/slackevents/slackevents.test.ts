import { expect, test } from 'vitest';
import { happen, say } from '../../core/plugin/testing/index.ts';
import { slackevents } from './index.ts';

function slack() {
  const written: string[] = [];
  return {
    written,
    ports: { slack: { write: async (channel: string, text: string) => void written.push(`${channel}: ${text}`) } },
  };
}

const WARNINGS = [
  { repos: ['acme'], channels: ['org-channel'] },
  {
    repos: ['acme/widgets'],
    channels: ['kubernetes-dev', 'sig-contribex'],
    exempt_users: ['K8s-merge-robot'],
    exempt_branches: { dev: ['joe'] },
  },
];
const PUSH = {
  ...{ ref: 'refs/heads/master', created: false, deleted: false, forced: false, commits: [{}, {}, {}] },
  ...{ compare: 'https://github.com/compare/x', pusher: { name: 'tester' }, sender: { login: 'tester' } },
};
const FROM = '*Warning:* tester (<@tester>)';
const TO = 'https://github.com/compare/x';

test.each<[change: object, text?: string]>([
  [{}, `${FROM} manually merged 3 commit(s) into master: ${TO}`],
  [{ forced: true }, `${FROM} *force* merged 3 commit(s) into master: ${TO}`],
  [{ created: true }, `${FROM} pushed a new branch (master): ${TO}`],
  [{ deleted: true, forced: true }, `${FROM} deleted a branch (master): ${TO}`],
  [{ ref: 'refs/heads/<!channel>' }, `${FROM} manually merged 3 commit(s) into &lt;!channel&gt;: ${TO}`],
  [{ ref: 'refs/heads/constructor' }, `${FROM} manually merged 3 commit(s) into constructor: ${TO}`],
  [{ pusher: { name: 'k8s-merge-robot' } }],
  [{ sender: { login: 'k8s-merge-robot' } }],
  [{ ref: 'refs/heads/dev', sender: { login: 'Joe' } }],
  [{ ref: 'refs/heads/dev' }, `${FROM} manually merged 3 commit(s) into dev: ${TO}`],
])('a push with %j', async (change, text) => {
  const { written, ports } = slack();
  const settings = { slack: { mergewarnings: WARNINGS } };
  await happen(slackevents, 'push', '', { settings, ports, payload: { ...PUSH, ...change } });
  expect(written).toEqual(text ? [`kubernetes-dev: ${text}`, `sig-contribex: ${text}`] : []);
});

test.each([
  ['other', ['org-channel']],
  ['widgets', ['kubernetes-dev', 'sig-contribex']],
])('the channels of %s', async (repo, channels) => {
  const { written, ports } = slack();
  await happen(slackevents, 'push', '', {
    world: { repo },
    settings: { slack: { mergewarnings: WARNINGS } },
    ports,
    payload: PUSH,
  });
  expect(written.map((line) => line.split(':')[0])).toEqual(channels);
});

test.each<{ user?: string; say: string; sigs: string[] }>([
  { say: '@kubernetes/sig-node-misc', sigs: ['sig-node'] },
  { say: '@kubernetes/sig-node-misc, @kubernetes/sig-api-machinery-bugs', sigs: ['sig-node', 'sig-api-machinery'] },
  { say: '@kubernetes/sig-node-misc @kubernetes/sig-node-bugs', sigs: ['sig-node'] },
  { say: '@kubernetes/sig-testing-misc', sigs: [] },
  { say: 'sig-node-misc', sigs: [] },
  { user: 'ci-robot', say: '@kubernetes/sig-node-misc', sigs: [] },
])('$user: $say', async ({ user = 'bob', say: words, sigs }) => {
  const { written, ports } = slack();
  const settings = { slack: { mentionchannels: ['sig-node', 'sig-api-machinery'] } };
  await say(slackevents, user, words, { settings, ports });
  const url = 'https://github.com/acme/widgets/pull/5#issuecomment-1';
  expect(written).toEqual(
    sigs.map((sig) => `${sig}: ${sig} was mentioned by bob (<@bob>) on GitHub. (${url})\n>>>${words}`),
  );
});
