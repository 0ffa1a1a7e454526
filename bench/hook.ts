// `node hook.ts [TOTAL]`: webhooks of 25 KB, 32 connections, each on disk before its 200, against a bare node:http server that verifies and parses the same bytes.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { startPostgres } from '../core/inbox/postgres/testing.ts';

const TOTAL = Number(process.argv[2] ?? 20_000);
const ROUNDS = 3;

interface Load {
  perSecond: number;
  p50: number;
  p99: number;
  failed: number;
}

interface Report {
  finished: number;
  rss: number;
  /** Microseconds of all threads. */
  cpu: { user: number; system: number };
}

interface Server {
  port: string;
  report(): Promise<Report>;
  stop(): Promise<void>;
}

function start(script: string, ...args: string[]): { child: ChildProcess; lines: Interface } {
  // The program's own flag, which package.json's start gives it; the bare server runs as Node comes.
  const flags = args[0] === 'bare' ? [] : ['--max-semi-space-size=8'];
  const child = spawn(process.execPath, [...flags, join(import.meta.dirname, script), ...args], {
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
      return JSON.parse(await line(lines)) as Report;
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

interface Throughput {
  /** A second. */
  answered: number;
  handled: number;
  p99: number;
  idle: number;
  rss: number;
  /** Microseconds for each, all threads together. */
  cpu: number;
}

/** Requests a second until answered, and until everything is handled. */
async function throughput(kind: string): Promise<Throughput> {
  return withServer(kind, async (server) => {
    const idle = (await server.report()).rss;
    await load(server.port, 2000, 32);
    const { cpu: before } = await server.report();
    const began = performance.now();
    const { perSecond, p99, failed } = await load(server.port, TOTAL, 32);
    if (failed > 0) throw new Error(`${failed} webhooks were not answered 200`);
    const { rss, cpu: after } = await server.report();
    const handled = TOTAL / ((performance.now() - began) / 1000 - 0.2);
    const cpu = (after.user + after.system - before.user - before.system) / TOTAL;
    return { answered: perSecond, handled, p99, idle, rss, cpu };
  });
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const KINDS = ['bare', 'ours', 'plugins'] as const;
const runs: Record<(typeof KINDS)[number], Throughput[]> = { bare: [], ours: [], plugins: [] };
for (let round = 0; round < ROUNDS; round++) for (const kind of KINDS) runs[kind].push(await throughput(kind));
/** The same with the inbox in a PostgreSQL on this machine, where there is one. */
async function inPostgres(): Promise<Throughput | undefined> {
  const postgres = await startPostgres();
  if (!postgres) return undefined;
  process.env.DATABASE_URL = postgres.url;
  try {
    return await throughput('ours');
  } finally {
    delete process.env.DATABASE_URL;
    await postgres.remove();
  }
}

const shared = await inPostgres();
const calm = await withServer('plugins', (server) => load(server.port, 2000, 32, 200));

const of = (kind: (typeof KINDS)[number], figure: keyof Throughput): number =>
  median(runs[kind].map((run) => run[figure]));
const base = of('bare', 'answered');
const rate = (perSecond: number): string => `${perSecond.toFixed(0)} (${(perSecond / base).toFixed(2)})`;
const each = (figure: keyof Throughput): string =>
  KINDS.map((kind) => of(kind, figure).toFixed(figure === 'p99' ? 1 : 0)).join(', ');
const row = (what: string, value: string, budget = ''): string => `| ${what} | ${value} | ${budget} |\n`;
process.stdout.write(
  [
    row('what', 'measured', 'budget'),
    row('---', '---', '---'),
    row('bare server, requests a second', base.toFixed(0)),
    row('answered, durable first', rate(of('ours', 'answered')), '>= 0.6'),
    row('answered, durable first, in PostgreSQL', shared ? rate(shared.answered) : 'not installed'),
    row('until all twenty plugins have finished', rate(of('plugins', 'handled')), '>= 0.2'),
    row(
      'p50 and p99 at 200 a second, twenty plugins',
      `${calm.p50.toFixed(1)} and ${calm.p99.toFixed(1)} ms`,
      '< 25 ms',
    ),
    row(
      `resident idle, and after ${TOTAL + 2000}, twenty plugins`,
      `${of('plugins', 'idle').toFixed(0)} and ${of('plugins', 'rss').toFixed(0)} MB`,
      '< 200, < 300 MB',
    ),
    row('p99 at saturation: bare, hook alone, twenty plugins', `${each('p99')} ms`),
    row('processor time for each: bare, hook alone, twenty plugins', `${each('cpu')} us`),
    row('load average of the machine at the end', loadavg()[0]?.toFixed(1) ?? ''),
  ].join(''),
);
