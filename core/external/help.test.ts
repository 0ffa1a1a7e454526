import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { externalHelp } from './help.ts';
import { type Answer, configOf, testPlugin } from './testing.ts';

const log = pino({ level: 'silent' });
const reposOf = async (org: string) => [`${org}/one`, `${org}/two`];
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function plugin(answer: Answer) {
  const made = await testPlugin(answer);
  closing.push(made.close);
  return made;
}

test('each is asked once, with its repositories, in the words of Go', async () => {
  const said = { Description: 'Refreshes.', Config: null, Commands: [{ Usage: '/refresh', Examples: null }] };
  const { endpoint, heard } = await plugin(() => JSON.stringify({ ...said, Events: ['made up'] }));
  const refresh = { name: 'refresh', endpoint: `${endpoint}/base/`, events: ['issue_comment'] };
  const config = configOf({ o: [refresh], 'p/three': [refresh] });
  expect(await externalHelp({ config, reposOf, log })).toEqual({
    byRepo: { o: ['refresh'], 'p/three': ['refresh'] },
    help: {
      refresh: {
        Description: 'Refreshes.',
        Config: {},
        Events: ['issue_comment'],
        Commands: [{ Usage: '/refresh', Featured: false, Description: '', Examples: [], WhoCanUse: '' }],
      },
    },
  });
  expect(heard).toMatchObject([{ url: '/base/help', headers: { 'content-type': 'application/json' } }]);
  expect(JSON.parse(heard[0]?.body ?? '')).toEqual([
    { Org: 'o', Repo: 'one' },
    { Org: 'o', Repo: 'two' },
    { Org: 'p', Repo: 'three' },
  ]);
});

test('those that fail, say nonsense or do not answer in time are left out', async () => {
  const answers = {
    good: '{"Description":"Good."}',
    failing: 500,
    nonsense: '[1]',
    notJson: '<html>',
    silent: undefined,
    endless: `{"Description":"${'x'.repeat(1024 * 1024)}"}`,
    redirecting: { status: 307, location: 'http://127.0.0.1:1' },
  };
  const list = await Promise.all(
    Object.entries(answers).map(async ([name, answer]) => {
      const { endpoint } = await plugin(() => answer);
      return { name, endpoint, events: [] };
    }),
  );
  const config = configOf({ 'o/r': [...list, { name: 'unreadable', endpoint: 'nonsense', events: [] }] });
  const { byRepo, help } = await externalHelp({ config, reposOf, log, timeLimitMs: 300 });
  expect(Object.keys(help)).toEqual(['good']);
  expect(byRepo['o/r']).toHaveLength(8);
});

test('repositories that can not be listed in time leave out those of the organization alone', async () => {
  const { endpoint } = await plugin(() => '{"Description":"Good."}');
  const config = configOf({
    o: [{ name: 'whole', endpoint, events: [] }],
    'p/r': [{ name: 'one', endpoint, events: [] }],
  });
  const { help } = await externalHelp({ config, reposOf: () => new Promise(() => {}), log, timeLimitMs: 300 });
  expect(Object.keys(help)).toEqual(['one']);
});
