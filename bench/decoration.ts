// What decoration costs, and how reports go when one repository is slow: `node bench/decoration.ts`. Prints a table of ratios taken side by side.
import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '../core/log.ts';
import { createMetrics } from '../core/metrics.ts';
import type { ProwJob } from '../jobs/api/prowjob.ts';
import { Crier } from '../jobs/report/crier.ts';
import { githubReporter } from '../jobs/report/github/reporter.ts';
import { crierMetrics } from '../jobs/report/metrics.ts';
import { EmbeddedStore } from '../jobs/store/embedded.ts';

const LOG_MB = 500;
const ARTIFACTS = 10_000;
const folder = mkdtempSync(join(tmpdir(), 'bench-decoration-'));
const path = (...parts: string[]) => join(folder, ...parts);
const rows: string[][] = [];

async function timed<T>(work: () => Promise<T> | T): Promise<{ ms: number; result: T }> {
  const start = performance.now();
  const result = await work();
  return { ms: performance.now() - start, result };
}

/** The middle of several runs, in milliseconds. */
async function median(runs: number, work: () => Promise<unknown> | unknown): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < runs; i++) times.push((await timed(work)).ms);
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
}

/** Runs a utility to its end; its peak memory in MB. */
function utility(name: string, options: object, out: 'ignore' | number = 'ignore'): Promise<number> {
  const env = {
    ...process.env,
    JOB_SPEC: JSON.stringify(SPEC),
    [`${name.toUpperCase()}_OPTIONS`]: JSON.stringify(options),
  };
  const child = spawn(process.execPath, [join(import.meta.dirname, 'decoration-runner.ts'), name], {
    env,
    stdio: ['ignore', out, 'pipe'],
  });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk).slice(-1000);
  });
  return new Promise((resolve, reject) => {
    child.once('close', (code) =>
      code === 0 ? resolve(Number(errors.trim().split('\n').at(-1)) / 1024) : reject(new Error(`${name}: ${errors}`)),
    );
  });
}

const git = (...args: string[]) =>
  execFileSync('git', args, { stdio: ['ignore', 'pipe', 'ignore'] })
    .toString()
    .trim();

/** A repository with so many files, and its main branch's commit. */
function repository(name: string, files: number): { uri: string; sha: string } {
  const work = path(name);
  mkdirSync(work);
  git('-C', work, 'init', '-q', '-b', 'main');
  for (let i = 0; i < files; i++) {
    mkdirSync(join(work, `d${i % 100}`), { recursive: true });
    writeFileSync(join(work, `d${i % 100}`, `f${i}`), `file ${i}\n`.repeat(200));
  }
  git('-C', work, 'add', '.');
  git('-C', work, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '-m', 'all');
  git('clone', '-q', '--bare', work, path(`${name}.git`));
  return { uri: `file://${path(`${name}.git`)}`, sha: git('-C', work, 'rev-parse', 'HEAD') };
}

const SPEC = { type: 'periodic', job: 'noop', buildid: '1', refs: undefined };
const gcs = { bucket: path('bucket'), path_strategy: 'explicit' };
const wrapper = (name: string, args: string[]) => ({
  args,
  process_log: path(`${name}.log`),
  marker_file: path(`${name}.marker`),
  metadata_file: path('none'),
});
const clone = (refs: object) => ({ src_root: path('go'), log: path('clone.json'), refs: [refs] });

async function cloning(): Promise<void> {
  const { uri, sha } = repository('large', 5000);
  const refs = { org: 'o', repo: 'r', clone_uri: uri, base_ref: 'main', base_sha: sha };
  const plain = await median(5, () => {
    rmSync(path('plain'), { recursive: true, force: true });
    git('clone', '-q', uri, path('plain'));
  });
  const ours = await median(5, async () => {
    rmSync(path('go'), { recursive: true, force: true });
    await utility('clonerefs', clone(refs));
  });
  rows.push([
    'clone of 5,000 files against git clone',
    `${(ours / plain).toFixed(2)}`,
    `${ours.toFixed(0)} ms, ${plain.toFixed(0)} ms`,
  ]);
}

async function overhead(): Promise<void> {
  const { uri } = repository('small', 1);
  const start = await median(5, () => execFileSync(process.execPath, ['-e', '0']));
  const whole = await median(5, async () => {
    rmSync(path('go'), { recursive: true, force: true });
    rmSync(path('noop.marker'), { force: true });
    await utility('clonerefs', clone({ org: 'o', repo: 's', clone_uri: uri, base_ref: 'main' }));
    await utility('initupload', { ...gcs, log: path('clone.json') });
    const entry = wrapper('noop', ['true']);
    await Promise.all([utility('entrypoint', entry), utility('sidecar', { gcs_options: gcs, entries: [entry] })]);
  });
  rows.push([
    'decoration of a job that does nothing, against four bare starts of node, two of them side by side',
    (whole / (3 * start)).toFixed(2),
    `${whole.toFixed(0)} ms, ${(3 * start).toFixed(0)} ms`,
  ]);
}

async function logs(): Promise<void> {
  const big = path('big.log');
  const megabyte = `${'0123456789abcdef'.repeat(6)}end\n`.repeat(10_486);
  for (let i = 0; i < LOG_MB; i++) appendFileSync(big, megabyte);
  const cat = (await timed(() => execFileSync('sh', ['-c', 'cat "$0" > "$1"', big, path('copy.log')]))).ms;
  const entry = wrapper('wrapped', ['cat', big]);
  const tee = await timed(() => utility('entrypoint', entry));
  row('log through entrypoint', tee, cat);
  const options = { gcs_options: gcs, entries: [{ ...entry, process_log: big }] };
  row('log through sidecar', await timed(() => utility('sidecar', options)), cat);
  for (const count of [5, 200]) {
    const secrets = path(`secrets-${count}`);
    mkdirSync(secrets);
    for (let i = 0; i < count; i++) writeFileSync(join(secrets, `s${i}`), `a-secret-of-usual-length-${i}\n`);
    const censoring_options = { secret_directories: [secrets] };
    const struckOut = await timed(() => utility('sidecar', { ...options, censoring_options }));
    row(`log through sidecar, ${count} secrets struck out`, struckOut, cat);
  }

  mkdirSync(path('artifacts'));
  for (let i = 0; i < ARTIFACTS; i++) writeFileSync(path('artifacts', `${i}.txt`), `artifact ${i}`);
  const small = {
    gcs_options: { ...gcs, items: [path('artifacts')] },
    entries: [{ ...entry, process_log: path('noop.log') }],
  };
  const copy = (await timed(() => execFileSync('cp', ['-r', path('artifacts'), path('copies')]))).ms;
  const many = await timed(() => utility('sidecar', small));
  const stored = readdirSync(path('bucket', 'logs', 'noop', '1', 'artifacts')).length;
  rows.push([
    `${stored} artifacts into a folder, against cp -r`,
    (copy / many.ms).toFixed(2),
    `${((stored / many.ms) * 1000).toFixed(0)}/s, ${many.result.toFixed(0)} MB at most`,
  ]);
}

function row(name: string, { ms, result }: { ms: number; result: number }, cat: number): void {
  const speed = (LOG_MB / ms) * 1000;
  rows.push([
    `${name}, against cat`,
    (cat / ms).toFixed(2),
    `${speed.toFixed(0)} MB/s of ${LOG_MB} MB, ${result.toFixed(0)} MB at most`,
  ]);
}

/** How long 1,000 reports over 20 repositories take until all but the slow one's are out. */
async function reports(slowMs: number): Promise<number> {
  const store = new EmbeddedStore({ path: ':memory:' });
  const log = createLogger('bench', 'silent');
  let told = 0;
  const github = {
    async createStatus(_org: string, repo: string) {
      await sleep(repo === 'r0' ? slowMs : 5);
      if (repo !== 'r0') told++;
    },
    listIssueComments: async () => [],
    createComment: async () => {},
    editComment: async () => {},
    deleteComment: async () => {},
    botName: async () => 'bot',
  };
  const config = () => ({
    job_types_to_report: ['presubmit'] as const,
    no_comment_repos: [],
    summary_comment_repos: [],
    reportTemplateFor: () => undefined,
  });
  for (let i = 0; i < 1000; i++) await store.create(pending(i));
  const reporter = githubReporter({ github, store, config, log });
  const stop = new AbortController();
  const crier = new Crier({
    store,
    reporters: [reporter],
    workersPerShard: () => 4,
    enabled: () => true,
    log,
    metrics: crierMetrics(createMetrics()),
  });
  const { ms } = await timed(async () => {
    void crier.run(stop.signal);
    while (told < 950) await sleep(1);
  });
  stop.abort();
  return ms;
}

function pending(i: number): ProwJob {
  const refs = {
    org: 'o',
    repo: `r${i % 20}`,
    base_ref: 'main',
    base_sha: 'b',
    pulls: [{ number: i, author: 'a', sha: 's' }],
  };
  const spec = {
    type: 'presubmit' as const,
    agent: 'kubernetes' as const,
    job: 'unit',
    context: 'unit',
    report: true,
    refs,
    pod_spec: { containers: [{ name: '', image: 'x' }] },
  };
  return {
    apiVersion: 'prow.k8s.io/v1',
    kind: 'ProwJob',
    metadata: { name: `j${i}` },
    spec,
    status: { state: 'triggered', startTime: '2026-01-01T00:00:00Z' },
  };
}

try {
  await cloning();
  await overhead();
  await logs();
  const even = await reports(5);
  const uneven = await reports(2000);
  rows.push([
    '1,000 reports, one of 20 repositories slow, against none slow',
    (uneven / even).toFixed(2),
    `${uneven.toFixed(0)} ms, ${even.toFixed(0)} ms`,
  ]);
  for (const [name, figure, detail] of rows) process.stdout.write(`| ${name} | ${figure} | ${detail} |\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
