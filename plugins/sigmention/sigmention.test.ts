import { expect, test } from 'vitest';
import { botComments, say } from '../../core/plugin/testing/index.ts';
import { sigmention } from './index.ts';

interface Row {
  say: string;
  user?: string;
  repo?: string[];
  before?: string[];
  after: string[];
  repeats?: string;
  regexp?: string;
}

const NODE = '@kubernetes/sig-node-misc';
const API = '@kubernetes/sig-api-machinery-bugs';
const REPO = ['sig/node', 'sig/api-machinery', 'kind/bug'];

test.each<Row>([
  { say: NODE, user: 'alice', repo: ['sig/node'], after: ['sig/node'] },
  { say: NODE, user: 'ci-robot', repo: ['sig/node'], after: [] },
  {
    say: '@kubernetes/sig-node-bugs',
    before: ['sig/node'],
    after: ['sig/node', 'kind/bug'],
    repeats: '@kubernetes/sig-node-bugs',
  },
  { say: `${NODE} ${API}`, repo: [], after: [] },
  { say: `${NODE} ${API}`, user: 'alice', before: REPO, after: REPO },
  { say: `${NODE} ${API}`, after: REPO, repeats: `${NODE}, ${API}` },
  { say: `${NODE}\n${API}`, after: REPO, repeats: `${NODE}, ${API}` },
  {
    say: `/area infra\nDesign Review\n${NODE}\ncc ${API}`,
    before: ['sig/api-machinery'],
    after: ['sig/api-machinery', 'sig/node', 'kind/bug'],
    repeats: `${NODE}, ${API}`,
  },
  {
    say: '@kubernetes/sig-NODE-proposals',
    after: ['sig/node', 'kind/design'],
    repeats: '@kubernetes/sig-NODE-proposals',
  },
  { say: '@openshift/sig-node', user: 'alice', after: ['sig/node'], regexp: String.raw`(?m)@openshift/sig-([\w-]*)` },
  { say: 'sig-node-misc', after: [] },
])(
  '$user: $say with $before becomes $after',
  async ({ say: words, user = 'stranger', repo = REPO, before = [], after, repeats, regexp }) => {
    const world = await say(sigmention, user, words, {
      world: { labels: before, repoLabels: repo },
      settings: regexp ? { sigmention: { regexp } } : {},
    });
    expect(world.labels).toEqual(after);
    const said = `Reiterating the mentions to trigger a notification: \n${repeats}\n`;
    expect(botComments(world)).toEqual(repeats ? [expect.stringContaining(said)] : []);
  },
);

test('a pattern that cannot be read is refused', async () => {
  await expect(say(sigmention, 'bob', NODE, { settings: { sigmention: { regexp: '(' } } })).rejects.toThrow('regexp');
});
