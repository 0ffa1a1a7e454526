import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { run } from './tot.ts';

const LAUNCHER = fileURLToPath(new URL('../launch.mjs', import.meta.url));
const CONFIG = `
presubmits: { o/r: [{ name: pre, spec: { containers: [{ image: x, command: [a] }] } }] }
periodics: [{ name: per, interval: 1h, spec: { containers: [{ image: x, command: [a] }] } }]
`;

let bucket: Server;
let folder: string;
let child: ChildProcess | undefined;
beforeAll(async () => {
  const objects = new Map([
    ['/b/logs/per/latest-build.txt', '77\n'],
    ['/b/pr-logs/directory/pre/latest-build.txt', '5'],
  ]);
  bucket = createServer(({ url = '' }, response) => {
    response.statusCode = objects.has(url) ? 200 : 404;
    response.end(objects.get(url));
  }).listen(0, '127.0.0.1');
  await once(bucket, 'listening');
});
afterAll(() => bucket.close());
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tot-'));
  await writeFile(path.join(folder, 'config.yaml'), CONFIG);
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

/** Starts tot as an operator does; where it is. */
async function start(...flags: string[]): Promise<string> {
  const args = [LAUNCHER, 'tot', '--port=0', `--storage=${path.join(folder, 'tot.json')}`, ...flags];
  child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'pipe'] });
  if (!child.stderr) throw new Error('no output');
  for await (const line of createInterface(child.stderr)) {
    const { url } = JSON.parse(line) as { url?: string };
    if (url) return url;
  }
  throw new Error('tot ended');
}
const vend = (url: string, job: string) => fetch(`${url}/vend/${job}`).then((answer) => answer.text());

it('goes on after a restart', async () => {
  const first = await start();
  expect([await vend(first, 'unit'), await vend(first, 'unit')]).toEqual(['1', '2']);
  child?.kill('SIGINT');
  if (child) expect(await once(child, 'exit')).toEqual([0, null]);
  expect(await vend(await start(), 'unit')).toBe('3');
  expect(JSON.parse(await readFile(path.join(folder, 'tot.json'), 'utf8'))).toEqual({ Number: { unit: 3 } });
});

it("asks the bucket for a job's last build, where its type has it", async () => {
  const at = `http://127.0.0.1:${(bucket.address() as AddressInfo).port}/b/`;
  const url = await start('--fallback', `--fallback-bucket=${at}`, `--config-path=${path.join(folder, 'config.yaml')}`);
  expect([await vend(url, 'per'), await vend(url, 'per'), await vend(url, 'pre')]).toEqual(['78', '79', '6']);
  expect(await vend(url, 'nobody-knows')).toBe('1');
});

it('needs the configuration to know where a bucket has what', async () => {
  await expect(run(['--fallback', '--fallback-bucket=http://b'])).rejects.toMatchObject({ code: 'usage' });
});
