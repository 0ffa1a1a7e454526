import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { run as pluginCheck } from '../../cli/plugin-check/index.ts';
import * as actions from '../../sandbox/model/actions/index.ts';
import { startTestSandbox, type TestSandbox } from '../../sandbox/testing.ts';
import { freePort } from './support/product.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const SECRET = 'the secret of the tests';
const BOBS = 42;
/** Packing compiles everything, and npm installs some hundred packages. */
const LONG = 600_000;
const env = { ...process.env, PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}` };
const exec = promisify(execFile);

let folder: string;
let plugin: string;
let served: ChildProcess | undefined;
let stage: { sandbox: TestSandbox; stop: () => Promise<void> };

beforeAll(async () => {
  stage = await startTestSandbox();
  folder = mkdtempSync(path.join(tmpdir(), 'created-'));
  plugin = path.join(folder, 'say-hello');
  await exec(process.execPath, [path.join(ROOT, 'scripts/package.ts')], { env });
  // The pages were bundled when the checkout was installed; others read them meanwhile.
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await exec('npm', pack, { cwd: ROOT, env });
  const [{ filename = '' } = {}] = JSON.parse(stdout) as { filename?: string }[];
  const create = path.join(ROOT, 'dist/package/cli/create-plugin/create.mjs');
  await exec(process.execPath, [create, plugin, `--cutwater=${path.join(folder, filename)}`], { env });
  await exec('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: plugin, env });
}, LONG);
afterAll(async () => {
  if (served?.exitCode === null) {
    const exited = once(served, 'exit');
    served.kill('SIGINT');
    await exited;
  }
  await stage.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

test('its own tests pass, and its types hold', { timeout: LONG }, async () => {
  const { stdout } = await exec('npm', ['test'], { cwd: plugin, env });
  expect(stdout).toMatch(/pass 4/);
  await exec('npm', ['run', 'types'], { cwd: plugin, env });
});

test('it serves: hook would understand it, and it answers on GitHub', { timeout: LONG }, async () => {
  const { sandbox } = stage;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  writeFileSync(path.join(folder, 'hmac'), SECRET);
  writeFileSync(path.join(folder, 'token'), sandbox.tokens.people.cutwater ?? '');
  const flags = [`--port=${port}`, `--hmac-secret-file=${folder}/hmac`, `--github-token-path=${folder}/token`];
  const cutwater = path.join(plugin, 'node_modules/.bin/cutwater');
  const start = ['serve-plugin', 'plugin.ts', `--github-endpoint=${sandbox.apiUrl}`, ...flags];
  served = spawn(cutwater, start, { cwd: plugin, env, stdio: 'ignore' });
  while (!(await fetch(`${url}/healthz/ready`).catch(() => undefined))?.ok) expect(served.exitCode).toBeNull();
  vi.stubEnv('WEBHOOK_SECRET', SECRET);
  expect(await pluginCheck([url])).toBe(0);
  sandbox.sendWebhooksTo(url, SECRET);
  actions.comment(sandbox.world, { actor: sandbox.person('alice'), issue: sandbox.pull(BOBS), body: '/hello you' });
  await vi.waitUntil(() => sandbox.world.comments.all().some(({ body }) => body.includes('Hello, you.')), 30_000);
});
