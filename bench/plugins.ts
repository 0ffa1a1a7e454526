// What plugins ask of GitHub for one event, with every plugin on: `node bench/plugins.ts`. Prints requests by plugin (a shared fact counts for whoever
// asked first) and fails where one event's plugins fetch the same twice.
import * as actions from '../sandbox/model/actions/index.ts';
import { isWrite, repeated } from '../test/e2e/support/asked.ts';
import { type Asked, openPlatform, type Platform } from '../test/e2e/support/platform.ts';
import { TOGETHER } from '../test/e2e/support/together.ts';

const BUSIEST = 12;

const platform = await openPlatform({
  config: `presubmits:
  acme/widgets:
  - name: unit
    always_run: true
    spec: {containers: [{image: alpine, command: ['true']}]}
  - name: docs
    run_if_changed: '\\.md$'
    spec: {containers: [{image: alpine, command: ['true']}]}
plugins:
  acme: [${TOGETHER.join(', ')}]
`,
});

/** The requests that the plugins make for one webhook. */
async function requestsFor(
  { asked, webhooksOf, dispatch }: Platform,
  event: string,
  action: string,
  act: () => unknown,
) {
  const hook = (await webhooksOf(act)).find((received) => received.event === event && received.action === action);
  if (!hook) throw new Error(`the sandbox sent no ${event}.${action}`);
  asked.length = 0;
  await dispatch(`${event}.${action}`, hook);
  return asked.filter(({ what }) => !what.includes('/access_tokens'));
}

function table(asked: readonly Asked[]): { plugin: string; reads: number; writes: number }[] {
  const byPlugin = Object.entries(Object.groupBy(asked, ({ plugin }) => plugin));
  const rows = byPlugin.map(([plugin, mine = []]) => {
    const writes = mine.filter(isWrite).length;
    return { plugin, reads: mine.length - writes, writes };
  });
  return rows.sort((a, b) => b.reads + b.writes - a.reads - a.writes).slice(0, BUSIEST);
}

const { world } = platform.sandbox;
const repo = platform.sandbox.repo;
const person = platform.sandbox.person;
const events = [
  {
    event: 'issue_comment',
    action: 'created',
    act: () =>
      actions.comment(world, {
        actor: person('carol'),
        issue: platform.sandbox.pull(42),
        body: '/lgtm\n/approve\n/hold\n/kind bug\n/assign @alice\n/cc @alice\n/test all\n/retitle Retry\n/milestone clear\n/skip\n/verify-owners\n/check-dco',
      }),
  },
  {
    event: 'pull_request',
    action: 'opened',
    act: () =>
      actions.openPull(world, {
        actor: person('bob'),
        repo,
        title: 'Progress',
        base: 'main',
        headRepo: repo,
        head: 'progress',
      }),
  },
];

try {
  for (const { event, action, act } of events) {
    const asked = await requestsFor(platform, event, action, act);
    const twice = repeated(asked);
    console.log(`${event}.${action}: ${asked.length} requests, ${asked.filter(isWrite).length} of them writes`);
    console.table(table(asked));
    if (process.argv.includes('--all'))
      for (const { plugin, method, what } of asked) console.log(`  ${plugin}: ${method} ${what}`);
    if (twice.length > 0) {
      console.log(`fetched twice:\n  ${twice.join('\n  ')}`);
      process.exitCode = 1;
    }
  }
} finally {
  await platform.close();
}
