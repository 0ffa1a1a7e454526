import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasCode, messageOf } from '../../core/errors.ts';
import { PROWJOBS, pathOf } from '../../core/kube/paths.ts';
import type { ProwJob } from '../../jobs/api/prowjob.ts';
import { sampleJob } from '../../jobs/store/suite.ts';
import { openCluster, type TestCluster } from './support/cluster.ts';

/** ProwJobs that the real Prow computed from configurations that are in use. */
const golden = JSON.parse(await readFile(new URL('testdata/prowjobs.json', import.meta.url), 'utf8')) as ProwJob[];

/** Many more of them, where they are at hand: every job of kubernetes' own Prow. */
const SHARED = new URL('../../../shared/data/golden/', import.meta.url);
const MORE = ['go-with-prow', 'kubernetes'].map((name) => new URL(`${name}.jobs.jsonl.gz`, SHARED)).filter(existsSync);

let cluster: TestCluster;
let namespace: string;
beforeAll(async () => {
  cluster = await openCluster();
  namespace = await cluster.namespace('resource');
});
afterAll(() => cluster.close());

const create = (job: unknown, query: { dryRun?: 'All' } = {}) =>
  cluster.admin.request<ProwJob>({ method: 'POST', path: pathOf(PROWJOBS, namespace), query, body: job });

describe('the ProwJob resource', () => {
  it.each(golden.map((job, index) => [job.spec.job ?? '', index, job] as const))(
    'takes what Prow writes for %s and gives it back unchanged',
    async (_, index, job) => {
      const name = `golden-${index}`;
      const status = { ...job.status, state: 'triggered', startTime: '2026-01-02T03:04:05Z' };
      await create({ ...job, metadata: { ...job.metadata, name }, status });
      const read = await cluster.admin.request<ProwJob>({ path: pathOf(PROWJOBS, namespace, name) });
      expect(read.spec).toEqual(job.spec);
      expect(read.status).toEqual(status);
      expect(read.metadata).toMatchObject({ labels: job.metadata.labels, annotations: job.metadata.annotations });
    },
  );

  it.runIf(MORE.length > 0).each(MORE.map((file) => [file]))('takes a fifth of %s', async (file) => {
    const lines = gunzipSync(await readFile(file))
      .toString()
      .trim()
      .split('\n');
    const some = lines.filter((_, index) => index % 5 === 0);
    const jobs = some.map((line) => (JSON.parse(line) as { prowjob: ProwJob }).prowjob);
    const wrong: unknown[] = [];
    const status = { state: 'triggered', startTime: '2026-01-02T03:04:05Z' };
    const tryOne = async (job: ProwJob) => {
      const body = { ...job, status: { ...job.status, ...status } };
      const taken = await create(body, { dryRun: 'All' }).catch((error: unknown) => messageOf(error));
      if (typeof taken === 'string' || !isDeepStrictEqual(taken.spec, job.spec)) wrong.push([job.spec.job, taken]);
    };
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let job = jobs.pop(); job; job = jobs.pop()) await tryOne(job);
      }),
    );
    expect(wrong).toEqual([]);
    expect(some.length).toBeGreaterThan(0);
  });

  it.each<[string, (job: ProwJob) => object, RegExp]>([
    ['no type', ({ spec: { type, ...spec } }) => ({ spec }), /spec\.type: Required value/],
    ['a wrong type', ({ spec }) => ({ spec: { ...spec, type: 'once' } }), /spec\.type: Unsupported value/],
    ['no state', () => ({ status: {} }), /status\.state: Required value/],
    ['a negative max_concurrency', ({ spec }) => ({ spec: { ...spec, max_concurrency: -1 } }), /max_concurrency/],
    ['refs without repo', ({ spec }) => ({ spec: { ...spec, refs: { org: 'acme' } } }), /spec\.refs\.repo: Required/],
    ['a time that is none', () => ({ status: { state: 'triggered', startTime: 'noon' } }), /status\.startTime/],
    ['a pod without containers', ({ spec }) => ({ spec: { ...spec, pod_spec: {} } }), /pod_spec\.containers: Required/],
    ['success and no completionTime', () => ({ status: { state: 'success' } }), /"status" must validate/],
    ['failure and no completionTime', () => ({ status: { state: 'failure' } }), /"status" must validate/],
    ['error and no completionTime', () => ({ status: { state: 'error' } }), /"status" must validate/],
  ])('refuses %s', async (_, change, message) => {
    const job = sampleJob('refused');
    const error = await create({ ...job, ...change(job) }).catch((thrown: unknown) => thrown);
    expect(hasCode(error, 'invalid')).toBe(true);
    expect(messageOf(error)).toMatch(message);
  });

  it('lets an aborted job be without completionTime, and drops what it does not know', async () => {
    const job = sampleJob('aborted', { status: { state: 'aborted' } });
    const written = await create({ ...job, spec: { ...job.spec, unheard_of: true } });
    expect(written.status.state).toBe('aborted');
    expect(written.spec).not.toHaveProperty('unheard_of');
    expect(written.spec.pod_spec).toEqual(job.spec.pod_spec);
  });

  it('shows the columns that Prow shows', async () => {
    await create(sampleJob('shown', { status: { build_id: '42' } }));
    interface Table {
      columnDefinitions: { name: string }[];
      rows: { cells: unknown[] }[];
    }
    const table = await cluster.admin.request<Table>({
      path: pathOf(PROWJOBS, namespace, 'shown'),
      accept: 'application/json;as=Table;g=meta.k8s.io;v=v1',
    });
    const columns = ['Name', 'Job', 'BuildId', 'Type', 'Org', 'Repo', 'Pulls', 'StartTime', 'CompletionTime', 'State'];
    expect(table.columnDefinitions.map(({ name }) => name)).toEqual(columns);
    expect(table.rows[0]?.cells.slice(0, 7)).toEqual(['shown', 'unit', '42', 'presubmit', 'acme', 'site', '5']);
  });
});
