import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddedStore } from './embedded.ts';
import { collect, sampleJob, storeSuite } from './suite.ts';

storeSuite('embedded', async () => {
  const store = new EmbeddedStore({ path: ':memory:' });
  return { store, dispose: async () => store.close() };
});

describe('embedded store', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'store-'));
    path = join(folder, 'jobs.db');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is there again after a restart, and versions go on', async () => {
    const first = new EmbeddedStore({ path });
    await first.create(sampleJob('a'));
    const done = await first.create(
      sampleJob('b', { status: { state: 'success', completionTime: '2026-01-02T05:00:00Z' } }),
    );
    await first.create(sampleJob('c'));
    await first.delete('c');
    const { resourceVersion } = await first.list();
    first.close();

    const second = new EmbeddedStore({ path });
    expect(await second.get('b')).toEqual(done);
    expect((await second.list({ active: true })).items.map((job) => job.metadata.name)).toEqual(['a']);
    expect((await second.list()).resourceVersion).toBe(resourceVersion);
    const added = await second.create(sampleJob('d'));
    expect(Number(added.metadata.resourceVersion)).toBe(Number(resourceVersion) + 1);
    second.close();
  });

  it('belongs to one process', () => {
    const first = new EmbeddedStore({ path });
    expect(() => new EmbeddedStore({ path })).toThrow(
      `${path}: can not be opened: database is locked: another cutwater runs on this folder`,
    );
    first.close();
  });

  it('a watch that starts before the kept events is told so, one that lags too', async () => {
    const store = new EmbeddedStore({ path: ':memory:', keptEvents: 2 });
    const { resourceVersion } = await store.list();
    const lagging = store.watch(resourceVersion, new AbortController().signal)[Symbol.asyncIterator]();
    await store.create(sampleJob('n0'));
    expect(await lagging.next()).toMatchObject({ value: { type: 'added' } });
    for (let n = 1; n < 10; n += 1) await store.create(sampleJob(`n${n}`));
    await expect(lagging.next()).rejects.toMatchObject({ code: 'gone' });
    const late = collect(store, resourceVersion);
    await expect(late.until(() => false)).rejects.toMatchObject({ code: 'gone' });
    store.close();
  });

  it('refuses to write an object that somebody changed since it was read', async () => {
    const store = new EmbeddedStore({ path: ':memory:' });
    const old = await store.create(sampleJob('a'));
    await store.update('a', (job) => ({ ...job, status: { ...job.status, state: 'pending' } }));
    await expect(store.update('a', () => ({ ...old, spec: { ...old.spec, job: 'x' } }))).rejects.toMatchObject({
      code: 'conflict',
    });
    store.close();
  });

  it('pages through more rows than one read takes', async () => {
    const store = new EmbeddedStore({ path: ':memory:' });
    for (let n = 0; n < 600; n += 1) {
      await store.create(sampleJob(`n${n}`, n % 300 === 0 ? { labels: { rare: 'yes' } } : {}));
    }
    expect((await store.list()).items).toHaveLength(600);
    expect((await store.list({ labels: { rare: 'yes' } })).items.map((job) => job.metadata.name)).toEqual([
      'n300',
      'n0',
    ]);
    store.close();
  });
});
