import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as actions from '../../sandbox/model/actions/index.ts';
import { openStage, type Stage } from './support/stage.ts';

const BOBS = 42;
const PATIENCE = 120_000;
const CONFIG = `
slack_reporter_configs:
  acme:
    job_types_to_report: [presubmit]
    job_states_to_report: [success, failure]
    channel: builds
presubmits:
  acme/widgets:
  - { name: good, always_run: false, spec: { containers: [{ image: x, command: ['true'] }] } }
  - name: bad
    always_run: false
    reporter_config:
      slack: { channel: team, host: other, report_template: '{{.Spec.Job}} of {{.Spec.Refs.Org}} is {{.Status.State}}' }
    spec: { containers: [{ image: x, command: ['false'] }] }
  - { name: lost, always_run: false, reporter_config: { slack: { channel: unknown } }, spec: { containers: [{ image: x, command: ['true'] }] } }
slack:
  mentionchannels: [sig-testing]
  mergewarnings: [{ repos: [acme/widgets], channels: [merges], exempt_users: [bob] }]
plugins:
  acme: [trigger, slackevents]
`;

/** Answers as Slack does: busy at first, then it takes what comes for channels that it knows. */
function standIn() {
  const taken: { token: string; channel: string; text: string }[] = [];
  let busy = 1;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const form = new URLSearchParams(body);
    const channel = form.get('channel') ?? '';
    if (busy-- > 0) return response.writeHead(429, { 'retry-after': '1' }).end();
    response.setHeader('content-type', 'application/json');
    if (channel === 'unknown') return response.end('{"ok":false,"error":"channel_not_found"}');
    taken.push({ token: request.headers.authorization ?? '', channel, text: form.get('text') ?? '' });
    response.end('{"ok":true}');
  });
  return { server, taken };
}

let slack: { server: Server; taken: { token: string; channel: string; text: string }[] };
let stage: Stage;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'slack-'));
  slack = standIn();
  slack.server.listen(0, '127.0.0.1');
  await once(slack.server, 'listening');
  const { port } = slack.server.address() as AddressInfo;
  for (const name of ['first', 'other']) writeFileSync(path.join(folder, name), `xoxb-${name}\n`);
  const flags = [
    `--slack-api-url=http://127.0.0.1:${port}/api`,
    `--slack-token-file=${path.join(folder, 'first')}`,
    `--additional-slack-token-files=other=${path.join(folder, 'other')}`,
  ];
  stage = await openStage({ config: CONFIG, flags });
}, PATIENCE);
afterAll(async () => {
  await stage.close();
  slack.server.close();
  rmSync(folder, { recursive: true });
}, PATIENCE);

const told = (channel: string) => slack.taken.filter((message) => message.channel === channel);
const soon = (channel: string) => expect.poll(() => told(channel).length, { timeout: PATIENCE });

test('Slack hears once of each job, though it was busy and the program was killed', { timeout: PATIENCE }, async () => {
  stage.comment('alice', BOBS, '/test good');
  await soon('builds').toBe(1);
  await stage.until(() => stage.statuses(BOBS).good === 'success');
  // Killed between Slack's answer and the record of it, nobody could know that it was told.
  await expect
    .poll(() => stage.product.log(), { timeout: PATIENCE })
    .toMatch(/"reporter":"slackreporter".*"state":"success".*"reported job"/);
  await stage.product.kill();
  await stage.product.start();
  stage.comment('alice', BOBS, '/test bad');
  await soon('team').toBe(1);
  const link = stage.link(BOBS, 'good');
  expect(told('builds')).toEqual([
    {
      token: 'Bearer xoxb-first',
      channel: 'builds',
      text: `Job good of type presubmit ended with state success. <${link}|View logs>`,
    },
  ]);
  expect(told('team')).toEqual([{ token: 'Bearer xoxb-other', channel: 'team', text: 'bad of acme is failure' }]);
});

test('a channel that Slack does not know is told to the operator', { timeout: PATIENCE }, async () => {
  stage.comment('alice', BOBS, '/test lost');
  await expect.poll(() => stage.product.log(), { timeout: PATIENCE }).toContain('channel_not_found');
});

test('channels hear of SIGs that are mentioned, and of merges by hand', { timeout: PATIENCE }, async () => {
  const { sandbox, repo, person } = stage;
  stage.comment('alice', BOBS, '@kubernetes/sig-testing-bugs look at <!channel>');
  await soon('sig-testing').toBe(1);
  expect(told('sig-testing')[0]?.text).toMatch(
    /^sig-testing was mentioned by alice \(<@alice>\) on GitHub\. \(http.*\)\n>>>@kubernetes\/sig-testing-bugs look at &lt;!channel&gt;$/,
  );
  for (const login of ['bob', 'alice']) {
    const files = [{ path: `${login}.md`, content: 'x\n' }];
    await actions.pushCommit(sandbox.world, { actor: person(login), repo, branch: 'main', message: 'x', files });
  }
  await soon('merges').toBe(1);
  expect(told('merges')[0]?.text).toMatch(/^\*Warning:\* alice \(<@alice>\) manually merged 1 commit\(s\) into main: /);
});
