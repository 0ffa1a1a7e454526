import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toApiRequest } from '../../core/github/api-request.ts';
import { createLogger } from '../../core/log.ts';
import { createMetrics } from '../../core/metrics.ts';
import type { ProwJob } from '../api/prowjob.ts';
import { EmbeddedStore } from '../store/embedded.ts';
import { sampleJob } from '../store/suite.ts';
import { Crier } from './crier.ts';
import { crierMetrics } from './metrics.ts';
import { type Reporter, repositoryShard } from './reporter.ts';

const refs = (repo: string) => ({ org: 'acme', repo, base_ref: 'main', base_sha: 'a', pulls: [] });

describe('crier', () => {
  let store: EmbeddedStore;
  let stop: AbortController;
  let running: Promise<void>[];
  let heard: string[];
  beforeEach(() => {
    store = new EmbeddedStore({ path: ':memory:' });
    stop = new AbortController();
    running = [];
    heard = [];
  });
  afterEach(async () => {
    stop.abort();
    await Promise.all(running);
    store.close();
  });

  function start(
    report: (job: ProwJob) => Promise<void> = async () => {},
    enabled = (_org: string, _repo: string) => true,
    limitMs = 60_000,
  ): void {
    const reporter: Reporter = {
      name: 'test-reporter',
      shouldReport: (job) => job.spec.report === true,
      shardOf: repositoryShard,
      async report(job) {
        await report(job);
        heard.push(`${job.metadata.name} ${job.status.state}`);
        return { reported: [job] };
      },
    };
    const metrics = crierMetrics(createMetrics());
    const crier = new Crier({
      store,
      reporters: [reporter],
      workersPerShard: () => 2,
      enabled,
      limitMs,
      log: createLogger('test', 'silent'),
      metrics,
    });
    running.push(crier.run(stop.signal));
  }

  const add = (name: string, repo = 'site', report = true) =>
    store.create(sampleJob(name, { spec: { report, refs: refs(repo) } }));
  const setState = (name: string, state: 'pending' | 'success') =>
    store.update(name, (job) => ({
      ...job,
      status: { ...job.status, state, ...(state === 'success' && { completionTime: '2026-01-02T03:05:00Z' }) },
    }));
  const recorded = async (name: string) => (await store.get(name))?.status.prev_report_states?.['test-reporter'];
  const until = (check: () => unknown) => expect.poll(check, { timeout: 10_000, interval: 5 });

  it('reports what was there before it started, and what comes, each state once', async () => {
    await add('a');
    start();
    await until(() => recorded('a')).toBe('triggered');
    await add('b');
    await setState('a', 'pending');
    await until(() => recorded('a')).toBe('pending');
    await until(() => recorded('b')).toBe('triggered');
    expect(heard.toSorted()).toEqual(['a pending', 'a triggered', 'b triggered']);
  });

  it('repeats and skips nothing after a restart', async () => {
    start();
    await add('a');
    await until(() => recorded('a')).toBe('triggered');
    stop.abort();
    await Promise.all(running);
    await setState('a', 'success');
    await add('b');
    stop = new AbortController();
    start();
    await until(() => recorded('b')).toBe('triggered');
    await until(() => recorded('a')).toBe('success');
    expect(heard.toSorted()).toEqual(['a success', 'a triggered', 'b triggered']);
  });

  it('tries again what failed, and reports the state that the job has by then', async () => {
    let failures = 1;
    start(async () => {
      if (failures-- > 0) throw new Error('GitHub is away');
    });
    await add('a');
    await until(() => failures).toBe(0);
    await setState('a', 'success');
    await until(() => recorded('a')).toBe('success');
    expect(heard).toEqual(['a success']);
  });

  it('takes back what a report that hangs still wanted to say, which would come after what is said since', async () => {
    const github = new AbortController().signal;
    const takenBack: string[] = [];
    let attempts = 0;
    start(
      async (job) => {
        const { signal } = toApiRequest('https://api.github.com/x', {}, github);
        if (attempts++ > 0) return;
        signal.addEventListener('abort', () => takenBack.push(job.metadata.name ?? ''));
        await new Promise(() => {});
      },
      undefined,
      20,
    );
    await add('a');
    await until(() => recorded('a')).toBe('triggered');
    expect(takenBack).toEqual(['a']);
  });

  it('lets a slow repository hold up no other', async () => {
    let release = () => {};
    const slow = new Promise<void>((resolve) => {
      release = resolve;
    });
    start((job) => (job.spec.refs?.repo === 'slow' ? slow : sleep(0)));
    for (let i = 0; i < 10; i++) await add(`slow${i}`, 'slow');
    for (let i = 0; i < 100; i++) await add(`fast${i}`, `fast${i % 5}`);
    await until(() => heard.length).toBe(100);
    expect(heard.every((line) => line.startsWith('fast'))).toBe(true);
    release();
    await until(() => heard.length).toBe(110);
  });

  it('leaves alone what the reporter or the operator does not want', async () => {
    start(undefined, (org, repo) => `${org}/${repo}` !== 'acme/theirs');
    await add('theirs', 'theirs');
    await add('silent', 'site', false);
    await add('ours');
    await until(() => recorded('ours')).toBe('triggered');
    expect(heard).toEqual(['ours triggered']);
  });
});
