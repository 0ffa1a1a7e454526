import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../../core/log.ts';
import { createStorage } from '../../../core/storage/index.ts';
import type { ProwJob } from '../../api/prowjob.ts';
import type { Pod } from '../../pods/backend.ts';
import { crc32c } from './crc32c.ts';
import { folderOf } from './destination.ts';
import { POD_REPORT_FINALIZER, type PodInfoSource, podReporter } from './pod-reporter.ts';
import { storageReporter } from './reporter.ts';

let bucket: string;
beforeEach(async () => {
  bucket = await mkdtemp(join(tmpdir(), 'bucket-'));
});
afterEach(() => rm(bucket, { recursive: true }));

const RUN = 'pr-logs/pull/acme_site/5/unit/42';
const log = createLogger('test', 'silent');
const signal = new AbortController().signal;
const refs = {
  org: 'acme',
  repo: 'site',
  base_ref: 'main',
  base_sha: 'base',
  pulls: [{ number: 5, author: 'a', sha: 'head' }],
};

function job(status: ProwJob['status'] = {}, spec: ProwJob['spec'] = {}): ProwJob {
  return {
    apiVersion: 'prow.k8s.io/v1',
    kind: 'ProwJob',
    metadata: { name: 'one' },
    spec: {
      type: 'presubmit',
      agent: 'kubernetes',
      job: 'unit',
      refs,
      decoration_config: { gcs_configuration: { bucket, path_strategy: 'explicit' } },
      ...spec,
    },
    status: {
      state: 'pending',
      startTime: '2026-01-01T00:00:00Z',
      pendingTime: '2026-01-01T00:00:01Z',
      build_id: '42',
      ...status,
    },
  };
}

const ended = { state: 'aborted' as const, completionTime: '2026-01-01T00:01:00Z' };
const reporter = () =>
  storageReporter({ storage: createStorage({ retries: [] }), folder: (each) => folderOf(each, () => undefined), log });
const stored = async (name: string) => JSON.parse(await readFile(join(bucket, RUN, name), 'utf8'));
const put = async (name: string, value: unknown) => {
  await mkdir(join(bucket, RUN), { recursive: true });
  await writeFile(join(bucket, RUN, name), JSON.stringify(value));
};

describe('the storage reporter', () => {
  it('waits for a build id', () => {
    expect(reporter().shouldReport(job({ build_id: '' }))).toBe(false);
    expect(reporter().shouldReport(job())).toBe(true);
  });

  it('writes what the pod has not written, and the ProwJob each time', async () => {
    await reporter().report(job(), signal);
    expect(await stored('started.json')).toEqual({
      timestamp: 1767225600,
      'repo-version': 'head',
      'repo-commit': 'head',
      pull: '5',
      repos: { 'acme/site': 'main:base,5:head' },
      metadata: { uploader: 'crier' },
    });
    await expect(stored('finished.json')).rejects.toThrow('ENOENT');
    await reporter().report(job(ended), signal);
    expect(await stored('finished.json')).toEqual({
      timestamp: 1767225660,
      passed: false,
      result: 'aborted',
      metadata: { uploader: 'crier' },
    });
    expect((await stored('prowjob.json')).status.state).toBe('aborted');
  });

  it('leaves alone what the pod has written', async () => {
    await put('started.json', { timestamp: 1 });
    await put('finished.json', { timestamp: 2, result: 'SUCCESS' });
    await reporter().report(job(ended), signal);
    expect([await stored('started.json'), await stored('finished.json')]).toEqual([
      { timestamp: 1 },
      { timestamp: 2, result: 'SUCCESS' },
    ]);
  });

  it('names the merged commit once the clone records tell it, and then leaves it', async () => {
    await reporter().report(job(), signal);
    await put('clone-records.json', [{ refs, final_sha: 'merged' }]);
    await reporter().report(job(), signal);
    expect((await stored('started.json'))['repo-commit']).toBe('merged');
    await put('clone-records.json', [{ refs, final_sha: 'other' }]);
    await reporter().report(job(ended), signal);
    expect((await stored('started.json'))['repo-commit']).toBe('merged');
  });

  it("takes an undecorated job to its repository's default place, and one without any nowhere", async () => {
    const plain = job({}, { decoration_config: {} });
    expect(
      folderOf(plain, (repo, cluster) => ({ bucket: `s3://${repo.replace('/', '-')}`, path_prefix: cluster })),
    ).toBe(`s3://acme-site/${RUN}`);
    expect(folderOf(plain, () => undefined)).toBeUndefined();
    expect(await reporter().report(plain, signal)).toEqual({ reported: [plain] });
  });
});

describe('the pod reporter', () => {
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'one', finalizers: [POD_REPORT_FINALIZER] },
    spec: { containers: [], nodeName: 'n1' },
  };

  function started(source: Partial<PodInfoSource> = {}, fraction = 1) {
    const calls: string[] = [];
    const all: PodInfoSource = {
      pod: async () => pod,
      events: async () => [{ reason: 'Scheduled' }],
      node: async (_cluster, name) => ({ metadata: { name } }),
      addFinalizer: async (...what) => void calls.push(`add ${what.join(' ')}`),
      removeFinalizer: async (...what) => void calls.push(`remove ${what.join(' ')}`),
      ...source,
    };
    return {
      calls,
      reporter: podReporter({
        storage: createStorage({ retries: [] }),
        folder: (each) => folderOf(each, () => undefined),
        source: all,
        fraction,
        log,
      }),
    };
  }

  it('keeps the pod while it runs, writes it down at the end, and lets it go', async () => {
    const { calls, reporter: pods } = started();
    await pods.report(job(), signal);
    await pods.report(job(ended), signal);
    expect(calls).toEqual([`add default one ${POD_REPORT_FINALIZER}`, `remove default one ${POD_REPORT_FINALIZER}`]);
    expect(await stored('podinfo.json')).toEqual({
      pod,
      events: [{ reason: 'Scheduled' }],
      node: { metadata: { name: 'n1' } },
    });
  });

  it('goes without what it can not fetch', async () => {
    const fail = async () => {
      throw new Error('no');
    };
    await started({ events: fail, node: fail }).reporter.report(job(ended), signal);
    expect(await stored('podinfo.json')).toEqual({ pod });
    await rm(join(bucket, RUN), { recursive: true });
    const gone = job(ended);
    expect(await started({ pod: fail }).reporter.report(gone, signal)).toEqual({ reported: [gone] });
    await expect(stored('podinfo.json')).rejects.toThrow('ENOENT');
  });

  it('comes back to an aborted job that has not ended', async () => {
    expect(await started().reporter.report(job({ state: 'aborted' }), signal)).toEqual({ again: { afterMs: 10_000 } });
  });

  it.each([
    { name: 'no pod yet', status: { pendingTime: undefined }, fraction: 1, wanted: false },
    { name: 'everything', status: {}, fraction: 1, wanted: true },
    { name: 'a sample that does not hold it', status: {}, fraction: crc32c('one') / 2 ** 32 - 0.01, wanted: false },
    { name: 'a sample that holds it', status: {}, fraction: crc32c('one') / 2 ** 32 + 0.01, wanted: true },
  ])('reports with $name: $wanted', ({ status, fraction, wanted }) => {
    const { pendingTime: _, ...without } = job().status;
    const given = { ...job(), status: 'pendingTime' in status ? without : job().status };
    expect(started({}, fraction).reporter.shouldReport(given)).toBe(wanted);
  });

  it('samples by CRC-32C', () => {
    expect(crc32c('123456789')).toBe(0xe3069283);
  });
});
