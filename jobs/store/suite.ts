import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasCode } from '../../core/errors.ts';
import type { ProwJob, ProwJobSpec, ProwJobStatus } from '../api/prowjob.ts';
import type { ProwJobFilter, ProwJobStore, WatchEvent } from '../api/store.ts';

/** A job as trigger makes it; what is given replaces or adds. */
export function sampleJob(
  name: string,
  { spec, status, labels }: { spec?: ProwJobSpec; status?: ProwJobStatus; labels?: Record<string, string> } = {},
): ProwJob {
  return {
    apiVersion: 'prow.k8s.io/v1',
    kind: 'ProwJob',
    metadata: { name, labels: { 'created-by-prow': 'true', ...labels } },
    spec: {
      type: 'presubmit',
      agent: 'kubernetes',
      job: 'unit',
      refs: {
        org: 'acme',
        repo: 'site',
        base_ref: 'main',
        base_sha: 'abc',
        pulls: [{ number: 5, author: 'alice', sha: 'def' }],
      },
      pod_spec: { containers: [{ name: '', image: 'alpine', command: ['true'] }] },
      ...spec,
    },
    status: { state: 'triggered', startTime: '2026-01-02T03:04:05Z', ...status },
  };
}

/**
 * What every ProwJobStore has to do, whatever is behind it. `make` gives an empty store and how to dispose of it.
 * Watches may deliver bookmarks at any moment, and more than one change of a job as one only where they lag.
 */
export function storeSuite(
  name: string,
  make: () => Promise<{ store: ProwJobStore; dispose: () => Promise<void> }>,
): void {
  describe(`ProwJob store: ${name}`, () => {
    let store: ProwJobStore;
    let dispose: () => Promise<void>;
    beforeEach(async () => {
      ({ store, dispose } = await make());
    });
    afterEach(() => dispose());

    describe('objects', () => {
      it('are given a version, an id and a creation time, and are read back as written', async () => {
        const written = await store.create(sampleJob('a'));
        expect(written.metadata).toMatchObject({
          name: 'a',
          uid: expect.any(String),
          resourceVersion: expect.any(String),
          creationTimestamp: expect.any(String),
        });
        const read = await store.get('a');
        expect(read).toEqual(written);
        expect(read?.spec).toEqual(sampleJob('a').spec);
        expect(read?.status).toEqual(sampleJob('a').status);
      });

      it('belong to the caller', async () => {
        const written = await store.create(sampleJob('a'));
        written.spec.job = 'changed';
        written.metadata.labels = {};
        const read = await store.get('a');
        expect(read?.spec.job).toBe('unit');
        if (read) read.status.state = 'error';
        expect((await store.get('a'))?.status.state).toBe('triggered');
      });

      it('exist once a name', async () => {
        await store.create(sampleJob('a'));
        await expectCode(store.create(sampleJob('a')), 'conflict');
      });

      it.each<[string, ProwJob]>([
        ['a name in capitals', sampleJob('A')],
        ['no job name', sampleJob('a', { spec: { type: 'presubmit' } as ProwJobSpec & { job: never } })],
        ['an unknown type', sampleJob('a', { spec: { type: 'sometimes' as 'batch' } })],
        ['an unknown state', sampleJob('a', { status: { state: 'done' as 'error' } })],
        ['success without completionTime', sampleJob('a', { status: { state: 'success' } })],
        ['failure without completionTime', sampleJob('a', { status: { state: 'failure' } })],
        ['error without completionTime', sampleJob('a', { status: { state: 'error' } })],
      ])('are refused with %s', async (title, job) => {
        if (title === 'no job name') delete job.spec.job;
        await expectCode(store.create(job), 'invalid');
      });

      it('may be aborted and not complete', async () => {
        const job = await store.create(sampleJob('a', { status: { state: 'aborted' } }));
        expect(job.status).toMatchObject({ state: 'aborted' });
      });

      it('that are not there', async () => {
        expect(await store.get('none')).toBeUndefined();
        await expectCode(
          store.update('none', (job) => job),
          'not-found',
        );
        await expectCode(store.delete('none'), 'not-found');
      });

      it('are gone after delete, and the name is free again', async () => {
        const first = await store.create(sampleJob('a'));
        await store.delete('a');
        expect(await store.get('a')).toBeUndefined();
        expect((await store.create(sampleJob('a'))).metadata.uid).not.toBe(first.metadata.uid);
      });
    });

    describe('update', () => {
      it('writes what the function returns, removals too, and gives a new version', async () => {
        const before = await store.create(sampleJob('a', { status: { description: 'old' } }));
        const after = await store.update('a', (job) => {
          const { description, ...status } = job.status;
          return { ...job, status: { ...status, state: 'pending', build_id: '7' } };
        });
        expect(after.status).toEqual({ state: 'pending', startTime: '2026-01-02T03:04:05Z', build_id: '7' });
        expect(after.metadata.resourceVersion).not.toBe(before.metadata.resourceVersion);
        expect(await store.get('a')).toEqual(after);
      });

      it('writes nothing where the function returns nothing', async () => {
        const before = await store.create(sampleJob('a'));
        expect(await store.update('a', () => undefined)).toEqual(before);
      });

      it('loses none of many at once', async () => {
        await store.create(sampleJob('a', { status: { pod_revival_count: 0 } }));
        const count = (job: ProwJob): ProwJob => ({
          ...job,
          status: { ...job.status, pod_revival_count: (job.status.pod_revival_count ?? 0) + 1 },
        });
        await Promise.all(Array.from({ length: 5 }, () => store.update('a', count)));
        expect((await store.get('a'))?.status.pod_revival_count).toBe(5);
      });

      it('refuses what would be invalid', async () => {
        await store.create(sampleJob('a'));
        await expectCode(
          store.update('a', (job) => ({ ...job, status: { ...job.status, state: 'success' } })),
          'invalid',
        );
        expect((await store.get('a'))?.status.state).toBe('triggered');
      });
    });

    describe('list', () => {
      const ended = { state: 'success', completionTime: '2026-01-02T04:00:00Z' } as const;
      beforeEach(async () => {
        await store.create(sampleJob('j1', { status: { startTime: '2026-01-01T00:00:01Z' } }));
        await store.create(sampleJob('j2', { status: { ...ended, startTime: '2026-01-01T00:00:02Z' } }));
        await store.create(
          sampleJob('j3', {
            spec: {
              type: 'periodic',
              job: 'nightly',
              refs: undefined as never,
              extra_refs: [{ org: 'acme', repo: 'tool' }],
            },
            status: { state: 'pending', startTime: '2026-01-01T00:00:03Z', build_id: '11' },
          }),
        );
        await store.create(
          sampleJob('j4', {
            spec: {
              type: 'batch',
              refs: { org: 'acme', repo: 'site', pulls: [6, 7].map((number) => ({ number, author: 'bob', sha: 'x' })) },
            },
            status: { startTime: '2026-01-01T00:00:04Z' },
            labels: { 'event-GUID': 'g1' },
          }),
        );
        await store.create(
          sampleJob('j5', {
            labels: { 'event-GUID': 'g1' },
            status: { ...ended, state: 'failure', startTime: '2026-01-01T00:00:05Z', build_id: '12' },
          }),
        );
      });

      it.each<[string, ProwJobFilter | undefined, string[]]>([
        ['everything, newest first', undefined, ['j5', 'j4', 'j3', 'j2', 'j1']],
        ['active', { active: true }, ['j4', 'j3', 'j1']],
        ['states', { states: ['success', 'pending'] }, ['j3', 'j2']],
        ['no state', { states: [] }, []],
        ['types', { types: ['batch', 'periodic'] }, ['j4', 'j3']],
        ['job', { job: 'nightly' }, ['j3']],
        ['org', { org: 'acme' }, ['j5', 'j4', 'j3', 'j2', 'j1']],
        ['repo of an extra ref', { org: 'acme', repo: 'tool' }, ['j3']],
        ['pull', { org: 'acme', repo: 'site', pull: 5 }, ['j5', 'j2', 'j1']],
        ['a pull of a batch', { pull: 7 }, ['j4']],
        ['no such pull', { pull: 55 }, []],
        ['build id', { buildId: '12' }, ['j5']],
        ['build id of an active job', { job: 'nightly', buildId: '11', active: true }, ['j3']],
        ['build id of another job', { job: 'nightly', buildId: '12' }, []],
        ['labels', { labels: { 'event-GUID': 'g1' } }, ['j5', 'j4']],
        ['labels of active ones', { labels: { 'event-GUID': 'g1' }, active: true }, ['j4']],
      ])('%s', async (_, filter, names) => {
        const { items, next } = await store.list(filter);
        expect(items.map((job) => job.metadata.name)).toEqual(names);
        expect(next).toBeUndefined();
      });

      it.each<[string, ProwJobFilter | undefined, string[][]]>([
        ['all', undefined, [['j5', 'j4'], ['j3', 'j2'], ['j1']]],
        [
          'exactly full',
          { types: ['presubmit', 'batch'] },
          [
            ['j5', 'j4'],
            ['j2', 'j1'],
          ],
        ],
        ['active', { active: true }, [['j4', 'j3'], ['j1']]],
        ['labels', { labels: { 'created-by-prow': 'true' } }, [['j5', 'j4'], ['j3', 'j2'], ['j1']]],
      ])('in pages: %s', async (_, filter, pages) => {
        const seen: string[][] = [];
        let after: string | undefined;
        do {
          const page = await store.list(filter, { limit: 2, ...(after !== undefined && { after }) });
          seen.push(page.items.map((job) => job.metadata.name ?? ''));
          after = page.next;
        } while (after !== undefined);
        expect(seen).toEqual(pages);
      });
    });

    describe('watch', () => {
      it('goes on where the list stood: nothing is missed, nothing comes twice', async () => {
        await store.create(sampleJob('before'));
        const { resourceVersion } = await store.list();
        await store.create(sampleJob('a'));
        await store.update('a', (job) => ({ ...job, status: { ...job.status, state: 'pending' } }));
        const events = collect(store, resourceVersion);
        await events.until((seen) => seen.length === 2);
        await store.delete('before');
        const seen = await events.until((all) => all.length === 3);
        expect(seen.map(({ type, job }) => [type, job.metadata.name, job.status.state])).toEqual([
          ['added', 'a', 'triggered'],
          ['modified', 'a', 'pending'],
          ['deleted', 'before', 'triggered'],
        ]);
        await events.stop();
      });

      it('can be taken up again from any event', async () => {
        const { resourceVersion } = await store.list();
        const first = collect(store, resourceVersion);
        await store.create(sampleJob('a'));
        await store.create(sampleJob('b'));
        const [one] = await first.until((seen) => seen.length === 2);
        await first.stop();
        const second = collect(store, one?.resourceVersion ?? '');
        const seen = await second.until((all) => all.length === 1);
        expect(seen.map(({ job }) => job.metadata.name)).toEqual(['b']);
        await second.stop();
      });

      it('tells only what the filter asks for', async () => {
        const { resourceVersion } = await store.list();
        const events = collect(store, resourceVersion, { job: 'e2e' });
        await store.create(sampleJob('a'));
        await store.create(sampleJob('b', { spec: { job: 'e2e' } }));
        const seen = await events.until((all) => all.length === 1);
        expect(seen.map(({ job }) => job.metadata.name)).toEqual(['b']);
        await events.stop();
      });

      it('serves several, and an abort ends one at once', async () => {
        const { resourceVersion } = await store.list();
        const [one, two] = [collect(store, resourceVersion), collect(store, resourceVersion)];
        await one.stop();
        await store.create(sampleJob('a'));
        expect(await two.until((all) => all.length === 1)).toHaveLength(1);
        await two.stop();
      });
    });
  });
}

type JobEvent = Exclude<WatchEvent, { type: 'bookmark' }>;

/** Runs a watch in the background; `until` waits for what it has seen to satisfy, and fails where the watch fails. */
export function collect(store: ProwJobStore, resourceVersion: string, filter?: ProwJobFilter) {
  const abort = new AbortController();
  const seen: JobEvent[] = [];
  let changed = () => {};
  const run = (async () => {
    for await (const event of store.watch(resourceVersion, abort.signal, filter)) {
      if (event.type !== 'bookmark') seen.push(event);
      changed();
    }
  })();
  const failed = run.then(() => {
    throw new Error('the watch ended');
  });
  failed.catch(() => {});
  return {
    async until(enough: (seen: JobEvent[]) => boolean): Promise<JobEvent[]> {
      while (!enough(seen)) {
        await Promise.race([
          failed,
          new Promise<void>((resolve) => {
            changed = resolve;
          }),
        ]);
      }
      return seen;
    },
    async stop(): Promise<void> {
      abort.abort();
      await run;
    },
  };
}

async function expectCode(promise: Promise<unknown>, code: Parameters<typeof hasCode>[1]): Promise<void> {
  const error = await promise.then(
    () => new Error('it was accepted'),
    (thrown: unknown) => thrown,
  );
  expect(hasCode(error, code) ? code : error).toBe(code);
}
