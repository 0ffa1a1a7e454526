import { expect, test } from 'vitest';
import { createWorld, pullOfWorld, worldPorts } from '../../core/plugin/testing/index.ts';
import { baseShaOf, presubmitsOfPull, pullFacts } from './pull.ts';
import { jobsForTests } from './testing.ts';

const TIP = 'c'.repeat(40);
const world = createWorld({ refs: { 'heads/main': TIP } });
const pull = pullOfWorld(world);

test('a pull request is fetched only where its commits matter', async () => {
  const { jobs } = jobsForTests({ presubmits: { 'acme/widgets': [{ name: 'unit' }] } });
  const never = () => Promise.reject(new Error('fetched'));
  expect((await presubmitsOfPull({ ...worldPorts(world), jobs }, never)).jobs).toHaveLength(1);
});

test("a repository's own jobs are those of the base branch as it stands, with the head", async () => {
  const asked: object[] = [];
  const { jobs } = jobsForTests({
    inRepo: {
      enabledFor: () => true,
      async presubmits(_gh, _at, commits) {
        asked.push(commits);
        return [];
      },
      postsubmits: async () => [],
    },
  });
  await presubmitsOfPull({ ...worldPorts(world), jobs }, () => pull);
  expect(asked).toEqual([{ baseSha: TIP, headSha: pull.head.sha }]);
});

test('a base branch that is gone is said', async () => {
  const { repo } = worldPorts(createWorld());
  await expect(baseShaOf({ repo }, pull)).rejects.toThrow('the base branch main is gone');
});

test('contexts that failed, and all of them', async () => {
  const status = (context: string, state: 'failure' | 'error' | 'success' | 'pending') => ({
    context,
    state,
    description: '',
    url: '',
    updatedAt: '',
  });
  const statuses = {
    [pull.head.sha]: [status('a', 'failure'), status('b', 'error'), status('c', 'success'), status('d', 'pending')],
  };
  const { all, failed } = await pullFacts(worldPorts(createWorld({ statuses })), pull).contexts();
  expect([[...all].sort(), [...failed].sort()]).toEqual([
    ['a', 'b', 'c', 'd'],
    ['a', 'b'],
  ]);
});
