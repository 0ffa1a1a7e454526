import { appendFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { run as initupload } from '../initupload/index.ts';
import { testRuntime } from '../testing.ts';
import { isDue } from './live-log.ts';
import { RUN, SPEC, sidecarStage } from './testing.ts';

const stage = sidecarStage();
const { entry, finished, logs, mark, start, stored, tree } = stage;

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
    const options = { bucket: stage.bucket, path_strategy: 'explicit', log: logs('clone.json') };
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
    const target = await readFile(join(stage.bucket, 'pr-logs/directory/unit/42.txt'), 'utf8');
    expect(target).toBe(`${stage.bucket}/${RUN}`);
    expect(await readFile(join(stage.bucket, 'pr-logs/directory/unit/latest-build.txt'), 'utf8')).toBe('42');
  });

  it('is packed where compress_file_types says so, the log as well', async () => {
    await writeFile(logs('log.txt'), 'line\n'.repeat(1000));
    await writeFile(logs('artifacts/long.txt'), 'x'.repeat(2000));
    await writeFile(logs('artifacts/short.txt'), 'x');
    await writeFile(logs('artifacts/metadata.json'), JSON.stringify({ long: 'x'.repeat(2000) }));
    await mark('marker.txt', '0');
    await start({}, { bucket: stage.bucket, compress_file_types: ['txt', 'json'] }).code;
    const unpacked = async (name: string) => gunzipSync(await readFile(join(stage.bucket, RUN, name))).toString();
    expect(await unpacked('build-log.txt')).toBe('line\n'.repeat(1000));
    expect(await unpacked('artifacts/long.txt')).toBe('x'.repeat(2000));
    expect(JSON.parse(await unpacked('finished.json')).result).toBe('SUCCESS');
    expect(await stored('artifacts/short.txt')).toBe('x');
  });

  it('in an output stage.folder has neither path nor indexes', async () => {
    await writeFile(logs('log.txt'), 'hello\n');
    await writeFile(logs('artifacts/a.txt'), 'a');
    await mark('marker.txt', '0');
    await start({}, { local_output_dir: join(stage.folder, 'out') }).code;
    expect(await tree(join(stage.folder, 'out'))).toEqual([
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
    const options = { bucket: stage.bucket, path_strategy: 'explicit', log: logs('clone.json') };
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
  await writeFile(join(stage.folder, 'elsewhere.json'), '[{"refs": {"org": "secret", "repo": "x"}}]');
  await symlink(join(stage.folder, 'elsewhere.json'), logs('clone.json'));
  const options = { bucket: stage.bucket, path_strategy: 'explicit', log: logs('clone.json') };
  const env = { JOB_SPEC: JSON.stringify(SPEC), INITUPLOAD_OPTIONS: JSON.stringify(options) };
  expect(await initupload([], env, testRuntime())).toBe(1);
  expect(await tree(stage.folder)).not.toContainEqual(expect.stringContaining('clone-records.json'));
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
    const { code } = start({}, { bucket: stage.bucket }, { liveIntervalMs: 5 });
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
