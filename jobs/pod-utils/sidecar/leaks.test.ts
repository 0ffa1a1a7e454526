import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { RUN, sidecarStage } from './testing.ts';

const stage = sidecarStage();
const { finished, logs, mark, start, stored, tree } = stage;

describe('secrets', () => {
  beforeEach(async () => {
    await mkdir(join(stage.folder, 'secret'));
    await writeFile(join(stage.folder, 'secret/token'), 'hunter2-hunter2\n');
    await mark('marker.txt', '0');
  });
  const censoring = (more = {}) => ({
    censoring_options: { secret_directories: [join(stage.folder, 'secret')], ...more },
  });

  it('are struck out of log, metadata and artifacts, archives included', async () => {
    await writeFile(logs('log.txt'), `token hunter2-hunter2 ${Buffer.from('hunter2-hunter2').toString('base64')}\n`);
    await writeFile(logs('artifacts/plain.txt'), 'x hunter2-hunter2 y');
    await writeFile(logs('artifacts/data.tgz'), gzipSync('in hunter2-hunter2 out'.repeat(100)));
    await writeFile(logs('artifacts/torn.tgz'), gzipSync('hunter2-hunter2'.repeat(1000)).subarray(0, 40));
    await writeFile(logs('artifacts/metadata.json'), '{"leak":"hunter2-hunter2"}');
    await start(censoring()).code;
    expect(await stored('build-log.txt')).toBe(`token ${'X'.repeat(15)} ${'X'.repeat(20)}\n`);
    expect(await stored('artifacts/plain.txt')).toBe(`x ${'X'.repeat(15)} y`);
    const archive = await readFile(join(stage.bucket, RUN, 'artifacts/data.tgz'));
    expect(gunzipSync(archive).toString()).toBe(`in ${'X'.repeat(15)} out`.repeat(100));
    expect((await readFile(join(stage.bucket, RUN, 'artifacts/torn.tgz'))).length).toBe(40);
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
    await symlink(join(stage.folder, 'secret/token'), logs('artifacts/outside.txt'));
    await symlink(join(stage.folder, 'secret'), logs('artifacts/folder'));
    await start().code;
    expect((await tree()).filter((name) => name.includes('artifacts/'))).toEqual([
      `${RUN}/artifacts/inside.txt`,
      `${RUN}/artifacts/real.txt`,
    ]);
  });
});

describe('what a test may put in the way', () => {
  beforeEach(async () => {
    await mkdir(join(stage.folder, 'secret'));
    for (const name of ['token.json', 'metadata.json'])
      await writeFile(join(stage.folder, 'secret', name), '{"private_key":"hunter2"}');
    await writeFile(logs('log.txt'), 'the log\n');
  });
  const leaks = async () => {
    const found = [];
    for (const name of await tree())
      if ((await readFile(join(stage.bucket, name), 'utf8')).includes('hunter2')) found.push(name);
    return found;
  };

  it.each([
    {
      name: 'a link in place of the artifact folder',
      async put() {
        await rm(logs('artifacts'), { recursive: true });
        await symlink(join(stage.folder, 'secret'), logs('artifacts'));
      },
    },
    {
      name: 'a link in place of the metadata',
      put: () => symlink(join(stage.folder, 'secret/token.json'), logs('artifacts/metadata.json')),
    },
    {
      name: 'a link in place of the log',
      put: () =>
        rename(logs('log.txt'), logs('x')).then(() =>
          symlink(join(stage.folder, 'secret/token.json'), logs('log.txt')),
        ),
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
    expect(await start({}, { bucket: stage.bucket }, { pauses: [] }).code).toBe(0);
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
