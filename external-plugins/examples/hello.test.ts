import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { run as pluginCheck } from '../../cli/plugin-check/index.ts';
import * as actions from '../../sandbox/model/actions/index.ts';
import { startTestSandbox, type TestSandbox } from '../../sandbox/testing.ts';

const SECRET = 'the secret of the tests';
const HELLO = path.join(import.meta.dirname, 'hello.py');
const BOBS = 42;
const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) process.stderr.write('external-plugins/examples: skipped: there is no python3\n');

let stage: { sandbox: TestSandbox; stop: () => Promise<void> };
let plugin: ChildProcess;
let url: string;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

describe.skipIf(!hasPython)('the example in Python', () => {
  beforeAll(async () => {
    stage = await startTestSandbox();
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const GITHUB_TOKEN = stage.sandbox.tokens.people.cutwater;
    const env = { ...process.env, PORT: String(port), WEBHOOK_SECRET: SECRET, GITHUB_TOKEN };
    plugin = spawn('python3', [HELLO], { env, stdio: 'ignore' });
    while (!(await fetch(`${url}/healthz`).catch(() => undefined))?.ok) expect(plugin.exitCode).toBeNull();
    stage.sandbox.sendWebhooksTo(url, SECRET);
  });
  afterAll(async () => {
    plugin.kill();
    await stage.stop();
  });

  test('answers a signed event with a comment on GitHub', async () => {
    const { world, person, pull } = stage.sandbox;
    actions.comment(world, { actor: person('alice'), issue: pull(BOBS), body: 'words\r\n/hello\r\n' });
    await stage.sandbox.idle();
    const said = world.comments.all().filter(({ issueId }) => issueId === pull(BOBS).id);
    expect(said.map(({ body }) => body)).toContain('Hello, @alice.');
  });

  test('passes plugin-check whole', async () => {
    vi.stubEnv('WEBHOOK_SECRET', SECRET);
    const print = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    expect(await pluginCheck([url])).toBe(0);
    expect(print.mock.lastCall?.[0]).toBe('18 passed, 0 failed, 0 notes\n');
    print.mockRestore();
  });
});
