import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStorage, textOf } from '../../../core/storage/index.ts';
import { findServer, startGcs, startS3, type TestServer } from '../../../test/servers/index.ts';
import { run as initupload } from '../initupload/index.ts';
import { testRuntime } from '../testing.ts';
import { run } from './index.ts';
import { isDue } from './live-log.ts';
import type { SidecarOptions } from './options.ts';

const SPEC = {
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
const RUN = 'pr-logs/pull/acme_site/5/unit/42';

let folder: string;
let bucket: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sidecar-'));
  bucket = join(folder, 'bucket');
  await mkdir(join(folder, 'logs/artifacts'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const logs = (name: string) => join(folder, 'logs', name);
const stored = (name: string) => readFile(join(bucket, RUN, name), 'utf8');
const finished = async () => JSON.parse(await stored('finished.json'));

/** As entrypoint does it: the marker appears whole. */
async function mark(name: string, code: string): Promise<void> {
  await writeFile(logs(`${name}.new`), code);
  await rename(logs(`${name}.new`), logs(name));
}

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

function start(options: Partial<SidecarOptions> = {}, target: object = { bucket }, times = {}) {
  const runtime = testRuntime();
  const gcs_options = { path_strategy: 'explicit', items: [logs('artifacts')], ...target };
  const env = {
    JOB_SPEC: JSON.stringify(SPEC),
    SIDECAR_OPTIONS: JSON.stringify({ gcs_options, entries: [entry()], ...options }),
  };
  return { runtime, code: run([], env, runtime, { pauses: [5, 5, 5], ...times }) };
}

async function tree(root = bucket): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((each) => each.isFile())
    .map((each) => relative(root, join(each.parentPath, each.name)))
    .sort();
}

describe('what a run leaves in its bucket', () => {
  it("is Prow's tree", async () => {
    const clone = [
      { refs: { org: '', repo: '' } },
      {
        refs: SPEC.refs,
        final_sha: 'merged',
        commands: [{ command: 'git init', duration: 1500000 }],
        duration: 2000000,
      },
    ];
    await writeFile(logs('clone.json'), JSON.stringify(clone));
    const options = { bucket, path_strategy: 'explicit', log: logs('clone.json') };
    expect(
      await initupload(
        [],
        { JOB_SPEC: JSON.stringify(SPEC), INITUPLOAD_OPTIONS: JSON.stringify(options) },
        testRuntime(),
      ),
    ).toBe(0);
    expect(JSON.parse(await stored('started.json'))).toMatchObject({
      'repo-version': 'merged',
      'repo-commit': 'merged',
      pull: '5',
      repos: { 'acme/site': 'main:base,5:head' },
    });
    expect(await stored('clone-log.txt')).toContain(
      '# Cloning acme/site at main(base)\n# Checking out pulls:\n#\t5(head)\n$ git init (runtime: 1.5ms)\n# Final SHA: merged\n# Total runtime: 2ms\n',
    );

    await writeFile(logs('log.txt'), 'hello\n');
    await mkdir(logs('artifacts/deep'));
    await writeFile(logs('artifacts/junit.xml'), '<testsuites/>');
    await writeFile(logs('artifacts/deep/a#b.log.gz'), gzipSync('packed'));
    await writeFile(logs('artifacts/metadata.json'), '{"node":"n1"}');
    await mark('marker.txt', '0');
    expect(await start().code).toBe(0);
    expect(await tree()).toEqual(
      [
        'pr-logs/directory/unit/42.txt',
        'pr-logs/directory/unit/latest-build.txt',
        'pr-logs/pull/acme_site/5/unit/latest-build.txt',
        ...[
          'started.json',
          'finished.json',
          'clone-log.txt',
          'clone-records.json',
          'build-log.txt',
          'sidecar-logs.json',
        ].map((name) => `${RUN}/${name}`),
        ...['junit.xml', 'metadata.json', 'deep/a%23b.log'].map((name) => `${RUN}/artifacts/${name}`),
      ].sort(),
    );
    expect(await finished()).toMatchObject({
      passed: true,
      result: 'SUCCESS',
      metadata: { node: 'n1' },
      revision: 'head',
    });
    expect(await readFile(join(bucket, 'pr-logs/directory/unit/42.txt'), 'utf8')).toBe(`${bucket}/${RUN}`);
    expect(await readFile(join(bucket, 'pr-logs/directory/unit/latest-build.txt'), 'utf8')).toBe('42');
  });

  it('is packed where compress_file_types says so, the log as well', async () => {
    await writeFile(logs('log.txt'), 'line\n'.repeat(1000));
    await writeFile(logs('artifacts/long.txt'), 'x'.repeat(2000));
    await writeFile(logs('artifacts/short.txt'), 'x');
    await writeFile(logs('artifacts/metadata.json'), JSON.stringify({ long: 'x'.repeat(2000) }));
    await mark('marker.txt', '0');
    await start({}, { bucket, compress_file_types: ['txt', 'json'] }).code;
    const unpacked = async (name: string) => gunzipSync(await readFile(join(bucket, RUN, name))).toString();
    expect(await unpacked('build-log.txt')).toBe('line\n'.repeat(1000));
    expect(await unpacked('artifacts/long.txt')).toBe('x'.repeat(2000));
    expect(JSON.parse(await unpacked('finished.json')).result).toBe('SUCCESS');
    expect(await stored('artifacts/short.txt')).toBe('x');
  });

  it('in an output folder has neither path nor indexes', async () => {
    await writeFile(logs('log.txt'), 'hello\n');
    await writeFile(logs('artifacts/a.txt'), 'a');
    await mark('marker.txt', '0');
    await start({}, { local_output_dir: join(folder, 'out') }).code;
    expect(await tree(join(folder, 'out'))).toEqual([
      'artifacts/a.txt',
      'build-log.txt',
      'finished.json',
      'sidecar-logs.json',
    ]);
  });

  it('after a failed clone says so, and the tests do not start', async () => {
    await writeFile(
      logs('clone.json'),
      JSON.stringify([
        { refs: SPEC.refs, failed: true, commands: [{ command: 'git fetch', error: 'exit status 128' }] },
      ]),
    );
    const options = { bucket, path_strategy: 'explicit', log: logs('clone.json') };
    expect(
      await initupload(
        [],
        { JOB_SPEC: JSON.stringify(SPEC), INITUPLOAD_OPTIONS: JSON.stringify(options) },
        testRuntime(),
      ),
    ).toBe(1);
    expect(await finished()).toMatchObject({ passed: false, result: 'FAILURE' });
    expect(await stored('build-log.txt')).toMatch(/^# FAILED\n[\s\S]*# Error: exit status 128/);
  });
});

it('a clone log that is a link to somewhere else is not published', async () => {
  await writeFile(join(folder, 'elsewhere.json'), '[{"refs": {"org": "secret", "repo": "x"}}]');
  await symlink(join(folder, 'elsewhere.json'), logs('clone.json'));
  const options = { bucket, path_strategy: 'explicit', log: logs('clone.json') };
  const env = { JOB_SPEC: JSON.stringify(SPEC), INITUPLOAD_OPTIONS: JSON.stringify(options) };
  expect(await initupload([], env, testRuntime())).toBe(1);
  expect(await tree(folder)).not.toContainEqual(expect.stringContaining('clone-records.json'));
});

describe('how a run ended', () => {
  it.each([
    { name: 'all passed', markers: ['0', '0'], result: 'SUCCESS', failed: 0 },
    { name: 'one failed', markers: ['0', '1'], result: 'FAILURE', failed: 1 },
    { name: 'the second did not run for the first', markers: ['1', '1130'], result: 'FAILURE', failed: 1 },
    { name: 'one was aborted', markers: ['0', '130'], result: 'ABORTED', failed: 1 },
    { name: 'a marker says nothing', markers: ['0', 'x'], result: 'FAILURE', failed: 1 },
    { name: 'a signal ended one', markers: ['-1', '0'], result: 'FAILURE', failed: 1 },
  ])('$name', async ({ markers, result, failed }) => {
    const { code } = start({ entries: [entry('one'), entry('two')], entry_error: true });
    for (const [index, name] of ['one', 'two'].entries()) {
      await writeFile(logs(`${name}-log.txt`), name);
      await writeFile(logs(`artifacts/${name}-metadata.json`), index === 0 ? '{"a":1,"b":1}' : 'broken');
      await mark(`${name}-marker.txt`, markers[index] ?? '');
    }
    expect(await code).toBe(failed ? 1 : 0);
    expect(await finished()).toMatchObject({
      result,
      passed: result === 'SUCCESS',
      metadata: { a: 1, b: 1, 'sidecar-errors': { 'entry 1: test two': expect.any(String) } },
    });
    expect([await stored('one-build-log.txt'), await stored('two-build-log.txt')]).toEqual(['one', 'two']);
  });

  it('when told to stop: what there is is uploaded as aborted, and at the end the rest', async () => {
    await writeFile(logs('log.txt'), 'half');
    const { runtime, code } = start();
    await expect
      .poll(async () => (runtime.interrupt('SIGTERM'), (await finished().catch(() => undefined))?.result))
      .toBe('ABORTED');
    expect(await stored('build-log.txt')).toBe('half');
    await appendFile(logs('log.txt'), ' and whole');
    await mark('marker.txt', '0');
    await code;
    expect([await stored('build-log.txt'), (await finished()).result]).toEqual(['half and whole', 'SUCCESS']);
  });

  it('when told to stop, and to ignore it: nothing before the end', async () => {
    await writeFile(logs('log.txt'), 'half');
    const { runtime, code } = start({ ignore_interrupts: true });
    for (let i = 0; i < 20; i++) runtime.interrupt('SIGTERM');
    await new Promise((resolve) => setImmediate(resolve));
    await expect(finished()).rejects.toThrow('ENOENT');
    await mark('marker.txt', '0');
    await code;
    expect((await finished()).result).toBe('SUCCESS');
  });

  it('the log is there while the job runs', async () => {
    await writeFile(logs('log.txt'), 'running\n');
    const { code } = start({}, { bucket }, { liveIntervalMs: 5 });
    await expect.poll(() => stored('build-log.txt').catch(() => '')).toBe('running\n');
    await appendFile(logs('log.txt'), 'more\n');
    await expect.poll(() => stored('build-log.txt')).toBe('running\nmore\n');
    await mark('marker.txt', '0');
    await code;
  });

  it.each([
    { size: 0, last: undefined, due: false },
    { size: 10, last: undefined, due: true },
    { size: 10, last: { size: 10, at: 0 }, due: false },
    { size: 11, last: { size: 10, at: 0 }, due: true },
    { size: 110e6, last: { size: 100e6, at: 0 }, due: false },
    { size: 130e6, last: { size: 100e6, at: 0 }, due: true },
    { size: 110e6, last: { size: 100e6, at: -400_000 }, due: true },
  ])('a log of $size bytes after $last is worth an upload: $due', ({ size, last, due }) => {
    expect(isDue(size, last, 0)).toBe(due);
  });
});

describe('secrets', () => {
  beforeEach(async () => {
    await mkdir(join(folder, 'secret'));
    await writeFile(join(folder, 'secret/token'), 'hunter2-hunter2\n');
    await mark('marker.txt', '0');
  });
  const censoring = (more = {}) => ({ censoring_options: { secret_directories: [join(folder, 'secret')], ...more } });

  it('are struck out of log, metadata and artifacts, archives included', async () => {
    await writeFile(logs('log.txt'), `token hunter2-hunter2 ${Buffer.from('hunter2-hunter2').toString('base64')}\n`);
    await writeFile(logs('artifacts/plain.txt'), 'x hunter2-hunter2 y');
    await writeFile(logs('artifacts/data.tgz'), gzipSync('in hunter2-hunter2 out'.repeat(100)));
    await writeFile(logs('artifacts/torn.tgz'), gzipSync('hunter2-hunter2'.repeat(1000)).subarray(0, 40));
    await writeFile(logs('artifacts/metadata.json'), '{"leak":"hunter2-hunter2"}');
    await start(censoring()).code;
    expect(await stored('build-log.txt')).toBe(`token ${'X'.repeat(15)} ${'X'.repeat(20)}\n`);
    expect(await stored('artifacts/plain.txt')).toBe(`x ${'X'.repeat(15)} y`);
    const archive = await readFile(join(bucket, RUN, 'artifacts/data.tgz'));
    expect(gunzipSync(archive).toString()).toBe(`in ${'X'.repeat(15)} out`.repeat(100));
    expect((await readFile(join(bucket, RUN, 'artifacts/torn.tgz'))).length).toBe(40);
    expect((await finished()).metadata).toEqual({ leak: 'X'.repeat(15) });
    expect(await readFile(logs('log.txt'), 'utf8')).toContain('hunter2');
  });

  it('stay where the globs leave them', async () => {
    for (const name of ['keep', 'strike']) {
      await mkdir(logs(`artifacts/${name}`));
      await writeFile(logs(`artifacts/${name}/f.txt`), 'hunter2-hunter2');
    }
    await start(censoring({ exclude_directories: ['keep/**'] })).code;
    expect([await stored('artifacts/keep/f.txt'), await stored('artifacts/strike/f.txt')]).toEqual([
      'hunter2-hunter2',
      'X'.repeat(15),
    ]);
    await start(censoring({ include_directories: ['keep/**'] })).code;
    expect([await stored('artifacts/keep/f.txt'), await stored('artifacts/strike/f.txt')]).toEqual([
      'X'.repeat(15),
      'hunter2-hunter2',
    ]);
  });

  it('are not published through links, and links inside the artifacts are followed', async () => {
    await writeFile(logs('artifacts/real.txt'), 'real');
    await symlink('real.txt', logs('artifacts/inside.txt'));
    await symlink(join(folder, 'secret/token'), logs('artifacts/outside.txt'));
    await symlink(join(folder, 'secret'), logs('artifacts/folder'));
    await start().code;
    expect((await tree()).filter((name) => name.includes('artifacts/'))).toEqual([
      `${RUN}/artifacts/inside.txt`,
      `${RUN}/artifacts/real.txt`,
    ]);
  });
});

describe('what a test may put in the way', () => {
  beforeEach(async () => {
    await mkdir(join(folder, 'secret'));
    for (const name of ['token.json', 'metadata.json'])
      await writeFile(join(folder, 'secret', name), '{"private_key":"hunter2"}');
    await writeFile(logs('log.txt'), 'the log\n');
  });
  const leaks = async () => {
    const found = [];
    for (const name of await tree())
      if ((await readFile(join(bucket, name), 'utf8')).includes('hunter2')) found.push(name);
    return found;
  };

  it.each([
    {
      name: 'a link in place of the artifact folder',
      async put() {
        await rm(logs('artifacts'), { recursive: true });
        await symlink(join(folder, 'secret'), logs('artifacts'));
      },
    },
    {
      name: 'a link in place of the metadata',
      put: () => symlink(join(folder, 'secret/token.json'), logs('artifacts/metadata.json')),
    },
    {
      name: 'a link in place of the log',
      put: () =>
        rename(logs('log.txt'), logs('x')).then(() => symlink(join(folder, 'secret/token.json'), logs('log.txt'))),
    },
    {
      name: 'a pipe in place of the log, one in place of the metadata, and one among the artifacts',
      async put() {
        await rm(logs('log.txt'));
        for (const name of ['log.txt', 'artifacts/metadata.json', 'artifacts/pipe'])
          execFileSync('mkfifo', [logs(name)]);
      },
    },
  ])('publishes nothing, and holds nothing up: $name', async ({ put }) => {
    await put();
    await mark('marker.txt', '0');
    expect(await start({}, { bucket }, { pauses: [] }).code).toBe(0);
    expect(await leaks()).toEqual([]);
    expect((await finished()).result).toBe('SUCCESS');
    expect(await stored('build-log.txt')).toMatch(/^((the log|Failed to open .*)\n)?$/);
  });

  it('an artifact folder that is a link to its neighbour is followed', async () => {
    await rename(logs('artifacts'), logs('real'));
    await writeFile(logs('real/a.txt'), 'a');
    await symlink('real', logs('artifacts'));
    await mark('marker.txt', '0');
    await start().code;
    expect(await stored('artifacts/a.txt')).toBe('a');
  });

  it('metadata beyond all measure is left out, and said', async () => {
    await writeFile(logs('artifacts/metadata.json'), JSON.stringify({ long: 'x'.repeat(2_000_000) }));
    await mark('marker.txt', '0');
    await start().code;
    expect((await finished()).metadata['sidecar-errors']).toEqual({
      'entry 0: test ': expect.stringContaining('longer'),
    });
  });
});

describe('options', () => {
  it.each([
    { name: 'nothing to wait for', options: { entries: [] } },
    { name: 'an entry without a marker', options: { entries: [{ process_log: 'x', marker_file: '' }] } },
    { name: 'old and new censoring options', options: { secret_directories: ['x'], censoring_options: {} } },
    { name: 'no bucket', target: {} },
    { name: 'an unknown path strategy', target: { bucket: 'b', path_strategy: 'x' } },
  ])('$name is refused', async ({ options, target }) => {
    expect(await start(options, target).code).toBe(1);
  });
});

const s3 = await findServer('versitygw');
const gcs = await findServer('fake-gcs-server');

it.skipIf(!s3)('storage that goes away in the middle of an upload and comes back costs nothing', async () => {
  const server = await startS3(s3 ?? '');
  for (let i = 0; i < 600; i++) await writeFile(logs(`artifacts/${i}.txt`), `artifact ${i}`);
  await writeFile(logs('log.txt'), 'the log\n');
  await mark('marker.txt', '0');
  const target = { bucket: server.bucket, s3_credentials_file: server.credentialsFile };
  const { code } = start({}, target, { pauses: Array.from({ length: 100 }, () => 100) });
  const storage = createStorage({ s3CredentialsFile: server.credentialsFile, retries: [] });
  const run = `${server.bucket}/${RUN}`;
  const count = async () => {
    let found = 0;
    for await (const _ of storage.list(`${run}/artifacts/`)) found++;
    return found;
  };
  await expect.poll(count, { interval: 1, timeout: 30_000 }).toBeGreaterThan(20);
  await server.kill();
  await server.restart();
  await code;
  expect(await count()).toBe(600);
  expect(await textOf(await storage.read(`${run}/build-log.txt`))).toBe('the log\n');
  expect(JSON.parse(await textOf(await storage.read(`${run}/finished.json`)))).toMatchObject({ result: 'SUCCESS' });
  await server.close();
});

describe.each([
  { name: 'S3', program: s3, open: startS3 },
  { name: 'Google Cloud Storage', program: gcs, open: startGcs },
])('a big run in $name', ({ program, open }) => {
  it.skipIf(!program)('loses nothing: a log of 100 MB and 500 artifacts', async () => {
    const server: TestServer = await open(program ?? '');
    if (!server.credentialsFile) process.env.STORAGE_EMULATOR_HOST = server.url;
    const line = `${'x'.repeat(99)}\n`.repeat(10_000);
    for (let i = 0; i < 100; i++) await appendFile(logs('log.txt'), line);
    for (let i = 0; i < 500; i++) await writeFile(logs(`artifacts/${i}.txt`), `artifact ${i}`);
    await mark('marker.txt', '0');
    await start({}, { bucket: server.bucket, s3_credentials_file: server.credentialsFile }).code;
    const storage = createStorage({ s3CredentialsFile: server.credentialsFile });
    const hash = async (stream: AsyncIterable<Buffer>) => {
      const sum = createHash('sha256');
      for await (const chunk of stream) sum.update(chunk);
      return sum.digest('hex');
    };
    expect(await hash(await storage.read(`${server.bucket}/${RUN}/build-log.txt`))).toBe(
      await hash(createReadStream(logs('log.txt'))),
    );
    let artifacts = 0;
    for await (const _ of storage.list(`${server.bucket}/${RUN}/artifacts/`)) artifacts++;
    expect(artifacts).toBe(500);
    expect(await textOf(await storage.read(`${server.bucket}/${RUN}/artifacts/77.txt`))).toBe('artifact 77');
    expect((await storage.stat(`${server.bucket}/pr-logs/directory/unit/42.txt`)).metadata).toEqual({
      'x-goog-meta-link': `${server.bucket}/${RUN}`,
    });
    await server.close();
  });
});
