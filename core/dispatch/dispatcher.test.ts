import { pino } from 'pino';
import { expect, test } from 'vitest';
import { configOf } from '../config/config.ts';
import { CutwaterError } from '../errors.ts';
import { createMetrics } from '../metrics.ts';
import { enabledPlugins, whereEnabled } from '../plugin/enablement.ts';
import { anyone, plugin, rest } from '../plugin/index.ts';
import type { Plugin } from '../plugin/plugin.ts';
import { type GitHubClient, port, state, write } from '../ports/index.ts';
import { createDispatcher, type Entry } from './dispatcher.ts';
import { createPluginMetrics } from './metrics.ts';

interface Fake {
  labels: string[];
  asked: string[];
  /** Thrown by the next calls whose name begins so, once each. */
  failures: { call: string; error: Error }[];
}

function fakePorts(fake: Fake) {
  const asked = (call: string) => {
    fake.asked.push(call);
    const index = fake.failures.findIndex((failure) => call.startsWith(failure.call));
    if (index >= 0) throw fake.failures.splice(index, 1)[0]?.error;
  };
  return {
    labels: port(
      'labels',
      {},
      {
        list: state(async () => {
          asked('list');
          return [...fake.labels];
        }),
        add: write(async (_gh, _at, name: string) => {
          asked(`add ${name}`);
          fake.labels.push(name);
        }),
      },
    ),
    comments: port('comments', {}, { create: write(async (_gh, _at, body: string) => asked(`comment ${body}`)) }),
  };
}

function stage(plugins: Plugin[], fake: Partial<Fake> = {}) {
  const world: Fake = { labels: [], asked: [], failures: [], ...fake };
  const journal = new Map<string, object[]>();
  const done: string[] = [];
  const dispatch = createDispatcher({
    pluginsFor: whereEnabled(plugins),
    config: () =>
      configOf([enabledPlugins, { acme: { plugins: plugins.map(({ name }) => name), excluded_repos: [] } }]),
    ports: fakePorts(world),
    github: { forOrg: async () => ({}) as GitHubClient, botLogin: async () => 'ci-robot' },
    inbox: {
      done: async (_delivery, name) => void done.push(name),
      journal: {
        load: async (delivery, name) => journal.get(`${delivery} ${name}`) ?? [],
        append: async (delivery, name, records) =>
          void journal.set(`${delivery} ${name}`, [...(journal.get(`${delivery} ${name}`) ?? []), ...records]),
      },
    },
    metrics: createPluginMetrics(createMetrics()),
    log: pino({ level: 'silent' }),
    signal: new AbortController().signal,
  });
  return { dispatch, world, done, journal };
}

function labeller(name: string, more: { fails?: boolean } = {}): Plugin {
  const p = plugin({ name, summary: name, needs: ['labels'] });
  const command = p.command({
    names: ['mark'],
    args: rest('what'),
    on: 'both',
    who: anyone,
    help: 'Marks.',
    examples: ['/mark'],
    async run({ ports }) {
      if (more.fails) throw new Error('a bug');
      const before = await ports.labels.list();
      if (!before.includes(name)) await ports.labels.add(name);
    },
  });
  return p.define({ commands: [command] });
}

const commented = (body: string, done: string[] = []): Entry => ({
  delivery: 'd-1',
  event: 'issue_comment',
  done: new Set(done),
  body: {
    action: 'created',
    repository: { name: 'widgets', owner: { login: 'acme' } },
    issue: { number: 5, state: 'open', pull_request: {}, user: { login: 'bob' } },
    comment: { id: 1, body, user: { login: 'alice' } },
  },
});

test('plugins run side by side and share what they read', async () => {
  const { dispatch, world } = stage([labeller('one'), labeller('two')]);
  await dispatch(commented('/mark'));
  expect(world.labels.sort()).toEqual(['one', 'two']);
  expect(world.asked.filter((call) => call === 'list')).toHaveLength(1);
});

test('a plugin that fails touches no other', async () => {
  const { dispatch, world } = stage([labeller('broken', { fails: true }), labeller('sound')]);
  await dispatch(commented('/mark'));
  expect(world.labels).toEqual(['sound']);
});

test('an event without a command for anybody asks GitHub nothing', async () => {
  const { dispatch, world, journal } = stage([labeller('one')]);
  await dispatch(commented('just words'));
  expect(world.asked).toEqual([]);
  expect(journal.size).toBe(0);
});

test('after a failure of GitHub the plugin goes on from where it was', async () => {
  const failures = [{ call: 'add', error: new CutwaterError('transient', '502') }];
  const { dispatch, world } = stage([labeller('one')], { failures });
  await dispatch(commented('/mark'));
  expect(world.asked).toEqual(['list', 'add one', 'add one']);
  expect(world.labels).toEqual(['one']);
});

test('a plugin that had finished before a restart is left alone', async () => {
  const { dispatch, world } = stage([labeller('one'), labeller('two')]);
  await dispatch(commented('/mark', ['one']));
  expect(world.labels).toEqual(['two']);
});

test("a payload without a repository is nobody's", async () => {
  const { dispatch, world } = stage([labeller('one')]);
  await dispatch({ delivery: 'd-2', event: 'ping', body: { zen: 'x' }, done: new Set() });
  expect(world.asked).toEqual([]);
});
