import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { testRuntime } from '../testing.ts';
import { run } from './index.ts';
import type { SidecarOptions } from './options.ts';

/** The job that a test's sidecar belongs to, and the folder of its run. */
export const SPEC = {
  type: 'presubmit',
  job: 'unit',
  buildid: '42',
  prowjobid: 'pj',
  refs: {
    org: 'acme',
    repo: 'site',
    base_ref: 'main',
    base_sha: 'base',
    pulls: [{ number: 5, author: 'alice', sha: 'head' }],
  },
};
export const RUN = 'pr-logs/pull/acme_site/5/unit/42';

/** A sidecar beside the logs of a job, with a folder for a bucket, anew for each test of the file. */
export function sidecarStage() {
  let folder = '';
  const bucket = () => join(folder, 'bucket');
  const logs = (name: string) => join(folder, 'logs', name);
  const stored = (name: string) => readFile(join(bucket(), RUN, name), 'utf8');

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sidecar-'));
    await mkdir(join(folder, 'logs/artifacts'), { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true }));

  function entry(name = '') {
    const prefix = name ? `${name}-` : '';
    return {
      args: ['test', name],
      container_name: name,
      process_log: logs(`${prefix}log.txt`),
      marker_file: logs(`${prefix}marker.txt`),
      metadata_file: logs(`artifacts/${prefix}metadata.json`),
    };
  }

  return {
    get folder() {
      return folder;
    },
    get bucket() {
      return bucket();
    },
    logs,
    stored,
    finished: async () => JSON.parse(await stored('finished.json')),
    entry,
    /** As entrypoint does it: the marker appears whole. */
    async mark(name: string, code: string): Promise<void> {
      await writeFile(logs(`${name}.new`), code);
      await rename(logs(`${name}.new`), logs(name));
    },
    start(options: Partial<SidecarOptions> = {}, target: object = { bucket: bucket() }, times = {}) {
      const runtime = testRuntime();
      const gcs_options = { path_strategy: 'explicit', items: [logs('artifacts')], ...target };
      const env = {
        JOB_SPEC: JSON.stringify(SPEC),
        SIDECAR_OPTIONS: JSON.stringify({ gcs_options, entries: [entry()], ...options }),
      };
      return { runtime, code: run([], env, runtime, { pauses: [5, 5, 5], ...times }) };
    },
    async tree(root = bucket()): Promise<string[]> {
      const entries = await readdir(root, { recursive: true, withFileTypes: true });
      return entries
        .filter((each) => each.isFile())
        .map((each) => relative(root, join(each.parentPath, each.name)))
        .sort();
    },
  };
}
