import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CutwaterError } from '../../core/errors.ts';
import { createLogger } from '../../core/log.ts';
import type { ProwJobState } from '../api/prowjob.ts';
import { EmbeddedStore } from '../store/embedded.ts';
import { sampleJob } from '../store/suite.ts';
import { due, type Run, type Timing } from './due.ts';
import { type PeriodicJob, startHorologium } from './horologium.ts';

const MINUTE = 60_000;
const NOW = Date.parse('2026-02-01T12:00:00Z');

describe('a periodic is due', () => {
  const run = (started: number, completed?: number, more: Partial<Run> = {}): Run => ({
    name: 'r',
    started: NOW - started * MINUTE,
    completed: completed === undefined ? undefined : NOW - completed * MINUTE,
    succeeded: true,
    rerun: 0,
    ...more,
  });
  const failed = { succeeded: false };
  const retry = (more: Partial<NonNullable<Timing['retry']>> = {}) => ({
    retry: { attempts: 2, interval: 5 * MINUTE, runAll: false, ...more },
  });
  const hourly = { interval: 60 * MINUTE };

  it.each<[string, Timing, Run | undefined, boolean, object | undefined]>([
    ['that never ran', hourly, undefined, false, { reason: 'never ran' }],
    ['that never ran, minimum_interval', { minimumInterval: MINUTE }, undefined, false, { reason: 'never ran' }],
    ['not a cron job that never ran, before its time', { cron: '@daily' }, undefined, false, undefined],
    ['a cron job that never ran, at its time', { cron: '@daily' }, undefined, true, { reason: 'never ran' }],
    ['interval after the start', hourly, run(61, 1), false, { reason: 'interval' }],
    ['not within the interval', hourly, run(59, 58), false, undefined],
    ['not while it runs', hourly, run(600), false, undefined],
    [
      'minimum_interval after the end',
      { minimumInterval: 60 * MINUTE },
      run(90, 61),
      false,
      { reason: 'minimum_interval' },
    ],
    ['not within minimum_interval of the end', { minimumInterval: 60 * MINUTE }, run(90, 59), false, undefined],
    ['at its cron time', { cron: '@daily' }, run(600, 500), true, { reason: 'cron' }],
    ['not at its cron time while it runs', { cron: '@daily' }, run(600), true, undefined],
    ['not between cron times', { cron: '@daily' }, run(6000, 5000), false, undefined],
    ['when it failed', { ...hourly, ...retry() }, run(6, 1, failed), false, { reason: 'retry', rerun: 1 }],
    [
      'when its repetition failed',
      { ...hourly, ...retry() },
      run(6, 1, { ...failed, rerun: 1 }),
      false,
      { reason: 'retry', rerun: 2 },
    ],
    [
      'not when it failed often enough',
      { ...hourly, ...retry() },
      run(6, 1, { ...failed, rerun: 2 }),
      false,
      undefined,
    ],
    [
      'never more than ten times',
      { ...hourly, ...retry({ attempts: 99 }) },
      run(6, 1, { ...failed, rerun: 10 }),
      false,
      undefined,
    ],
    ['not when it failed just now', { ...hourly, ...retry() }, run(4, 1, failed), false, undefined],
    ['not again when it succeeded', { ...hourly, ...retry() }, run(6, 1), false, undefined],
    ['not again while it runs', { ...hourly, ...retry() }, run(6), false, undefined],
    [
      'with run_all also when it succeeded',
      { ...hourly, ...retry({ runAll: true }) },
      run(6, 1),
      false,
      { reason: 'retry', rerun: 1 },
    ],
    [
      'with run_all also while it runs',
      { ...hourly, ...retry({ runAll: true }) },
      run(6),
      false,
      { reason: 'retry', rerun: 1 },
    ],
    [
      'not a cron job that failed, between its times',
      { cron: '@daily', ...retry() },
      run(6, 1, failed),
      false,
      undefined,
    ],
    [
      'with run_all a cron job at its time while it runs',
      { cron: '@daily', ...retry({ runAll: true }) },
      run(6),
      true,
      { reason: 'retry', rerun: 1 },
    ],
    [
      'its interval goes before a repetition',
      { ...hourly, ...retry() },
      run(61, 1, failed),
      false,
      { reason: 'interval' },
    ],
    [
      'not where the label is no number',
      { ...hourly, ...retry() },
      run(6, 1, { ...failed, rerun: Number.NaN }),
      false,
      undefined,
    ],
  ])('%s', (_, timing, latest, fired, expected) => {
    expect(due(timing, latest, fired, NOW)).toEqual(expected);
  });
});

describe('horologium', () => {
  let store: EmbeddedStore;
  let periodics: PeriodicJob[];
  let running: { stop(): Promise<void> };
  let count: number;

  const start = () => {
    running = startHorologium({
      store,
      periodics: () => periodics,
      tickInterval: () => MINUTE,
      dryRun: false,
      now: Date.now,
      log: createLogger('test', 'silent'),
    });
  };
  const periodic = (name: string, timing: Timing): PeriodicJob => ({
    name,
    ...timing,
    newRun: (labels) => {
      count += 1;
      return sampleJob(`${name}-${count}`, {
        labels,
        spec: { type: 'periodic', job: name },
        status: { startTime: new Date().toISOString() },
      });
    },
  });
  const settle = async () => {
    for (let round = 0; round < 20; round += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const minutes = async (number: number) => {
    for (let minute = 0; minute < number; minute += 1) {
      await vi.advanceTimersByTimeAsync(MINUTE);
      await settle();
    }
  };
  const names = async () => (await store.list()).items.map((job) => job.metadata.name).reverse();
  const finish = async (name: string, state: ProwJobState = 'success') => {
    await store.update(name, (job) => ({
      ...job,
      status: { ...job.status, state, completionTime: new Date().toISOString() },
    }));
    await settle();
  };

  beforeEach(() => {
    vi.useFakeTimers({ now: NOW + 30_000, toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    store = new EmbeddedStore({ path: ':memory:' });
    count = 0;
  });
  afterEach(async () => {
    await running.stop();
    store.close();
    vi.useRealTimers();
  });

  it('starts an interval job at once, and again once it is complete and its time has come', async () => {
    periodics = [periodic('a', { interval: 5 * MINUTE })];
    start();
    await settle();
    expect(await names()).toEqual(['a-1']);
    await minutes(9);
    expect(await names()).toEqual(['a-1']);
    await finish('a-1');
    await minutes(1);
    expect(await names()).toEqual(['a-1', 'a-2']);
  });

  it('starts a cron job at its time, once, and not for the times that passed while it ran', async () => {
    periodics = [periodic('a', { cron: '5,7 * * * *' }), periodic('every', { cron: '@every 1h' })];
    start();
    await settle();
    expect(await names()).toEqual(['every-1']);
    await minutes(5);
    expect(await names()).toEqual(['every-1', 'a-2']);
    await minutes(3);
    await finish('a-2');
    await minutes(50);
    expect(await names()).toEqual(['every-1', 'a-2']);
    await minutes(10);
    expect(await names()).toEqual(['every-1', 'a-2', 'a-3']);
  });

  it('knows the runs that were there before', async () => {
    periodics = [periodic('a', { interval: 5 * MINUTE })];
    await store.create(
      sampleJob('before', { spec: { type: 'periodic', job: 'a' }, status: { startTime: new Date(NOW).toISOString() } }),
    );
    await finish('before');
    start();
    await minutes(4);
    expect(await names()).toEqual(['before']);
    await minutes(2);
    expect(await names()).toEqual(['before', 'a-1']);
  });

  it('repeats a failed run after the interval of its retry, with the label that counts', async () => {
    periodics = [periodic('a', { interval: 60 * MINUTE, retry: { attempts: 1, interval: 2 * MINUTE, runAll: false } })];
    start();
    await settle();
    await finish('a-1', 'failure');
    await minutes(3);
    expect((await store.get('a-2'))?.metadata.labels).toMatchObject({ 'prow.k8s.io/re-run': '1' });
    await finish('a-2', 'failure');
    await minutes(30);
    expect(await names()).toEqual(['a-1', 'a-2']);
  });

  it('a run that is deleted uncovers the one before', async () => {
    periodics = [periodic('a', { interval: 5 * MINUTE })];
    start();
    await settle();
    await finish('a-1');
    await minutes(6);
    expect(await names()).toEqual(['a-1', 'a-2']);
    await finish('a-2');
    await store.delete('a-2');
    await minutes(1);
    expect(await names()).toEqual(['a-1', 'a-3']);
  });

  it("one that can not be created, or read, is in nobody else's way", async () => {
    periodics = [
      periodic('broken', { cron: 'never' }),
      periodic('cron', { cron: '* * * * *' }),
      periodic('a', { interval: 5 * MINUTE }),
    ];
    const create = store.create.bind(store);
    let failures = 1;
    store.create = async (job) => {
      if (job.spec.job === 'cron' && failures-- > 0) throw new CutwaterError('transient', 'no');
      return create(job);
    };
    start();
    await minutes(1);
    expect(await names()).toEqual(['a-1']);
    await minutes(1);
    expect(await names()).toEqual(['a-1', 'cron-3']);
  });

  it('starts no run twice whose creation was answered too late', async () => {
    periodics = [periodic('cron', { cron: '5 * * * *' })];
    const create = store.create.bind(store);
    let late = true;
    store.create = async (job) => {
      const created = await create(job);
      if (!late) return created;
      late = false;
      throw new CutwaterError('transient', 'no answer');
    };
    start();
    await minutes(5);
    await finish('cron-1');
    await minutes(10);
    expect(await names()).toEqual(['cron-1']);
    await minutes(60);
    expect(await names()).toEqual(['cron-1', 'cron-2']);
  });

  it('starts nothing for the runs that it does not know while all are read anew', async () => {
    periodics = [periodic('a', { interval: 60 * MINUTE })];
    const list = store.list.bind(store);
    const watch = store.watch.bind(store);
    const lost = Promise.withResolvers<never>();
    lost.promise.catch(() => undefined);
    store.watch = (from, signal, filter) => {
      store.watch = watch;
      const events = watch(from, signal, filter);
      return {
        [Symbol.asyncIterator]() {
          const iterator = events[Symbol.asyncIterator]();
          return { next: () => Promise.race([iterator.next(), lost.promise]) };
        },
      };
    };
    start();
    await settle();
    await finish('a-1');
    const slow = Promise.withResolvers<void>();
    store.list = async (...args) => {
      if (!args[0]?.active) await slow.promise;
      return list(...args);
    };
    lost.reject(new CutwaterError('gone', 'too old'));
    await minutes(3);
    slow.resolve();
    await minutes(3);
    expect(await names()).toEqual(['a-1']);
  });

  it('follows a configuration that changes', async () => {
    periodics = [periodic('a', { cron: '0 0 1 1 *' })];
    start();
    await minutes(1);
    periodics = [periodic('a', { cron: '* * * * *' })];
    await minutes(1);
    expect(await names()).toEqual([]);
    await minutes(1);
    expect(await names()).toEqual(['a-1']);
  });
});
