// Webhooks of 25 KB, 32 connections, each on disk before its 200: against a bare node:http server that verifies and parses the same bytes.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';

const TOTAL = 20_000;
const ROUNDS = 3;

interface Load {
  perSecond: number;
  p50: number;
  p99: number;
  failed: number;
}

interface Server {
  port: string;
  report(): Promise<{ finished: number; rss: number }>;
  stop(): Promise<void>;
}

function start(script: string, ...args: string[]): { child: ChildProcess; lines: Interface } {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('no output');
  return { child, lines: createInterface(child.stdout) };
}

async function line(lines: Interface): Promise<string> {
  const [text] = await once(lines, 'line');
  return String(text);
}

async function serve(kind: string, ...args: string[]): Promise<Server> {
  const { child, lines } = start('hook-server.ts', kind, ...args);
  const port = await line(lines);
  return {
    port,
    async report() {
      child.kill('SIGUSR2');
      return JSON.parse(await line(lines)) as { finished: number; rss: number };
    },
    async stop() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

async function load(port: string, total: number, connections: number, perSecond = 0): Promise<Load> {
  const { lines } = start('hook-load.ts', port, String(total), String(connections), String(perSecond));
  return JSON.parse(await line(lines)) as Load;
}

async function withServer<T>(kind: string, use: (server: Server) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-hook-'));
  const server = await serve(kind, folder);
  try {
    return await use(server);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

/** Requests a second until answered, and until everything is handled. */
async function throughput(
  kind: string,
): Promise<{ answered: number; handled: number; p99: number; idle: number; rss: number }> {
  return withServer(kind, async (server) => {
    const idle = (await server.report()).rss;
    await load(server.port, 2000, 32);
    const began = performance.now();
    const { perSecond, p99, failed } = await load(server.port, TOTAL, 32);
    if (failed > 0) throw new Error(`${failed} webhooks were not answered 200`);
    const { rss } = await server.report();
    const handled = TOTAL / ((performance.now() - began) / 1000 - 0.2);
    return { answered: perSecond, handled, p99, idle, rss };
  });
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const bare: number[] = [];
const answered: number[] = [];
const handled: number[] = [];
let last = { p99: 0, idle: 0, rss: 0 };
for (let round = 0; round < ROUNDS; round++) {
  bare.push((await throughput('bare')).answered);
  const ours = await throughput('ours');
  answered.push(ours.answered);
  handled.push(ours.handled);
  last = ours;
}
const calm = await withServer('ours', (server) => load(server.port, 2000, 32, 200));
const base = median(bare);
const row = (what: string, value: string, budget: string): string => `| ${what} | ${value} | ${budget} |\n`;
process.stdout.write(
  [
    row('what', 'measured', 'budget'),
    row('---', '---', '---'),
    row('bare server, requests a second', base.toFixed(0), ''),
    row(
      'answered, durable first',
      `${median(answered).toFixed(0)} (${(median(answered) / base).toFixed(2)})`,
      '>= 0.6',
    ),
    row(
      'until 20 idle plugins have finished',
      `${median(handled).toFixed(0)} (${(median(handled) / base).toFixed(2)})`,
      '>= 0.2',
    ),
    row('p99 at saturation', `${last.p99.toFixed(1)} ms`, ''),
    row('p50 and p99 at 200 a second', `${calm.p50.toFixed(1)} and ${calm.p99.toFixed(1)} ms`, '< 25 ms'),
    row('resident idle, and after 22,000', `${last.idle.toFixed(0)} and ${last.rss.toFixed(0)} MB`, '< 200, < 300 MB'),
  ].join(''),
);
