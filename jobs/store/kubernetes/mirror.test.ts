import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { ProwJob, ProwJobStatus } from '../../api/prowjob.ts';
import type { ProwJobFilter } from '../../api/store.ts';
import { sampleJob } from '../suite.ts';
import { unpack } from './entry.ts';
import { Mirror } from './mirror.ts';

function job(name: string, version: number, status: ProwJobStatus = {}, uid = `uid-${name}`): ProwJob {
  const made = sampleJob(name, { status });
  return { ...made, metadata: { ...made.metadata, uid, resourceVersion: String(version) } };
}

/** A mirror that has listed these. */
function listed(version: number, ...jobs: ProwJob[]): Mirror {
  const mirror = new Mirror();
  list(mirror, version, ...jobs);
  return mirror;
}

function list(mirror: Mirror, version: number, ...jobs: ProwJob[]): void {
  mirror.listing();
  for (const each of jobs) mirror.page([each]);
  mirror.listed(String(version));
}

/** The events that a watch from `version` gets before it has to wait. */
async function eventsSince(mirror: Mirror, version: number, filter?: ProwJobFilter) {
  const abort = new AbortController();
  const told: string[] = [];
  for await (const event of mirror.history.follow(version, abort.signal, filter)) {
    if (event.type === 'bookmark') abort.abort();
    else told.push(`${event.type} ${event.job.metadata.name} ${event.resourceVersion}`);
    if (Number(event.resourceVersion) >= mirror.history.version) abort.abort();
  }
  return told;
}

describe('the mirror of ProwJobs', () => {
  it('tells a watcher what a new list shows to have happened, so that one who resumes in between misses nothing', async () => {
    const mirror = listed(10, job('same', 1), job('changed', 2), job('gone', 3), job('again', 4));
    list(mirror, 20, job('same', 1), job('changed', 15), job('new', 16), job('again', 17, {}, 'another'));
    expect(await eventsSince(mirror, 10)).toEqual([
      'modified changed 10',
      'added new 10',
      'deleted again 10',
      'added again 10',
      'deleted gone 20',
    ]);
    expect(await eventsSince(mirror, 19)).toHaveLength(5);
  });

  it('tells also what a list has shown that broke off and was begun anew', async () => {
    const mirror = listed(10, job('changed', 1), job('gone', 2));
    mirror.listing();
    mirror.page([job('changed', 15), job('new', 16)]);
    list(mirror, 20, job('changed', 15), job('new', 16));
    expect(await eventsSince(mirror, 10)).toEqual(['modified changed 10', 'added new 10', 'deleted gone 20']);
  });

  it('gives a watcher only what came after its version', async () => {
    const mirror = listed(10, job('a', 1));
    mirror.event('MODIFIED', job('a', 11, { state: 'pending' }), '11');
    mirror.event('ADDED', job('b', 12), '12');
    mirror.event('DELETED', job('a', 13), '13');
    expect(await eventsSince(mirror, 11)).toEqual(['added b 12', 'deleted a 13']);
    await expect(eventsSince(mirror, 9)).rejects.toThrow('too old resource version: 9');
  });

  it('keeps 5,000 events at least, and says so to who asks for older ones', async () => {
    const mirror = listed(1);
    for (let version = 2; version < 12_000; version++) mirror.event('MODIFIED', job('a', version), String(version));
    await expect(eventsSince(mirror, 100)).rejects.toThrow('too old');
    expect((await eventsSince(mirror, 7_000)).length).toBe(11_999 - 7_000);
  });

  it('leaves nothing of a wait behind on a signal that goes on: each write waits, and processes live for months', async () => {
    const mirror = listed(10);
    const { signal } = new AbortController();
    const waits = [11, 12, 13].map((version) => mirror.hasSeen({ version }, signal));
    expect(getEventListeners(signal, 'abort')).toHaveLength(3);
    mirror.bookmark('12');
    mirror.bookmark('13');
    await Promise.all(waits);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('keeps nobody waiting whose signal aborts', async () => {
    const abort = new AbortController();
    const waits = [listed(10).hasSeen({ version: 11 }, abort.signal), new Mirror().sync(60_000, abort.signal)];
    abort.abort();
    await expect(Promise.allSettled(waits)).resolves.toMatchObject([{ status: 'fulfilled' }, { status: 'rejected' }]);
  });

  it('hands jobs out whole, each time anew', () => {
    const original = job('a', 1);
    const mirror = listed(10, original);
    const entry = mirror.cache.get('a');
    if (!entry) throw new Error('not kept');
    expect(unpack(entry)).toEqual(original);
    expect(unpack(entry).spec).not.toBe(unpack(entry).spec);
  });

  it.each<[string, ProwJobFilter | undefined, string[]]>([
    ['all', undefined, ['j3', 'j2', 'j1']],
    ['active', { active: true }, ['j3', 'j1']],
    ['state', { states: ['success'] }, ['j2']],
    ['job', { job: 'unit' }, ['j3', 'j2', 'j1']],
    ['pull', { org: 'acme', repo: 'site', pull: 5 }, ['j3', 'j2', 'j1']],
    ['another pull', { org: 'acme', repo: 'site', pull: 6 }, []],
  ])('finds by %s, also after changes', (_, filter, names) => {
    const start = (second: number) => `2026-01-01T00:00:0${second}Z`;
    const mirror = listed(
      10,
      job('j2', 2, { startTime: start(2) }),
      job('j1', 1, { startTime: start(1) }),
      job('x', 3),
    );
    mirror.event('ADDED', job('j3', 11, { startTime: start(3) }), '11');
    const ended = { state: 'success', completionTime: start(9), startTime: start(2) } as const;
    mirror.event('MODIFIED', job('j2', 12, ended), '12');
    mirror.event('DELETED', job('x', 13), '13');
    expect(mirror.cache.find(filter, 10).map(({ facts }) => facts.name)).toEqual(names);
  });
});
