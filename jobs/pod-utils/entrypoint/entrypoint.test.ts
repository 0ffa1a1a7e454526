import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testRuntime } from '../testing.ts';
import { run } from './index.ts';
import type { EntrypointOptions } from './options.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'entrypoint-'));
});
afterEach(() => rm(folder, { recursive: true }));

const log = () => readFile(join(folder, 'process-log.txt'), 'utf8');
const marker = () => readFile(join(folder, 'marker-file.txt'), 'utf8');
const sh = (script: string) => ['sh', '-c', script];

/** A run of one of the two programs: ours in this process, or the static one as a process of its own. */
interface Running {
  code: Promise<number>;
  interrupt(signal: NodeJS.Signals): void;
  output(): string;
}

type Start = (options: Partial<EntrypointOptions>) => Running;

function environment(options: Partial<EntrypointOptions>): NodeJS.ProcessEnv {
  const all = {
    process_log: join(folder, 'process-log.txt'),
    marker_file: join(folder, 'marker-file.txt'),
    ...options,
  };
  return { PATH: process.env.PATH, ENTRYPOINT_OPTIONS: JSON.stringify(all) };
}

function startHere(options: Partial<EntrypointOptions>): Running {
  const runtime = testRuntime();
  return { code: run([], environment(options), runtime), interrupt: runtime.interrupt, output: runtime.output };
}

function startStatic(options: Partial<EntrypointOptions>): Running {
  const child = spawn(program, [], { env: environment(options), stdio: ['ignore', 'pipe', 'ignore'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? -1)));
  return { code, interrupt: (signal) => void child.kill(signal), output: () => Buffer.concat(chunks).toString('utf8') };
}

const compiler = spawnSync('cc', ['--version']).status === 0;
if (!compiler) process.stderr.write('skipped: tests of the static entrypoint, which need a C compiler\n');
let program: string;
beforeAll(async () => {
  if (!compiler) return;
  program = join(await mkdtemp(join(tmpdir(), 'static-')), 'entrypoint');
  execFileSync(new URL('../static-entrypoint/build.sh', import.meta.url).pathname, [program]);
});
afterAll(() => (program ? rm(join(program, '..'), { recursive: true }) : undefined));

const programs: { name: string; skip: boolean; start: Start; shown(code: number): number }[] = [
  { name: 'entrypoint', skip: false, start: startHere, shown: (code) => code },
  // The kernel keeps eight bits of an exit code.
  { name: 'the static entrypoint', skip: !compiler, start: startStatic, shown: (code) => code & 255 },
];

describe.each(programs)('a process under $name', ({ skip, start, shown }) => {
  describe.skipIf(skip)('with the program', () => {
    it.each([
      { name: 'passes', args: ['true'], code: 0, marker: '0' },
      { name: 'fails', args: sh('exit 3'), code: 3, marker: '3' },
      { name: 'fails, but must not show it', args: sh('exit 3'), more: { always_zero: true }, code: 0, marker: '3' },
      { name: 'is ended by a signal', args: sh('kill -9 $$'), code: -1, marker: '-1' },
      { name: 'does not exist', args: ['no-such-program'], code: 127, marker: '127' },
      { name: 'runs out of time', args: sh('exec sleep 100'), more: { timeout: 1e7 }, code: 127, marker: '127' },
      {
        name: 'runs out of time and keeps its own code',
        args: sh("trap 'exit 7' INT; while :; do sleep 0.02; done"),
        more: { timeout: 2e8, propagate_error_code: true },
        code: 7,
        marker: '7',
      },
      {
        name: 'ignores being told to end',
        args: sh("trap '' INT TERM; while :; do sleep 0.02; done"),
        more: { timeout: 2e8, grace_period: 1e8 },
        code: 127,
        marker: '127',
      },
    ])('$name', async ({ args, more, code, marker: expected }) => {
      expect(await start({ args, ...more }).code).toBe(shown(code));
      expect(await marker()).toBe(expected);
      expect((await stat(join(folder, 'marker-file.txt'))).mode & 0o777).toBe(0o777);
      expect((await readdir(folder)).sort()).toEqual(['marker-file.txt', 'process-log.txt']);
    });

    it('has its output, both kinds in order, in the log and on our own', async () => {
      const script = 'for i in 1 2 3; do echo out$i; echo err$i >&2; done';
      const { output, code } = start({ args: sh(script), artifact_dir: join(folder, 'artifacts') });
      expect(await code).toBe(0);
      const expected = 'out1\nerr1\nout2\nerr2\nout3\nerr3\n';
      expect(await log()).toBe(expected);
      expect(output()).toBe(expected);
      expect((await stat(join(folder, 'artifacts'))).isDirectory()).toBe(true);
    });

    it.each([
      { command: 'no-such-program', reason: 'executable file not found in $PATH' },
      { command: '/etc/passwd', reason: 'permission denied' },
    ])('tells in the log why $command did not start', async ({ command, reason }) => {
      expect(await start({ args: [command] }).code).toBe(127);
      expect(await log()).toBe(`could not start the process: exec: "${command}": ${reason}\n`);
    });

    it('hears our signal after an interrupt, and counts as aborted', async () => {
      const script =
        "trap 'echo interrupted' INT; trap 'echo terminated; exit 5' TERM; echo ready; while :; do sleep 0.02; done";
      const { interrupt, output, code } = start({ args: sh(script) });
      await expect.poll(output).toContain('ready');
      interrupt('SIGTERM');
      expect(await code).toBe(130);
      expect(await marker()).toBe('130');
      expect(await log()).toMatch(
        /Entrypoint received interrupt: terminated[\s\S]*interrupted\nterminated\n[\s\S]*Process gracefully exited before 15s grace period/,
      );
    });

    it.each([
      { child: 'exec sleep 100', does: 'keeps the output open' },
      { child: 'while :; do echo more; done', does: 'goes on writing' },
    ])('ends though a child of its own $does', async ({ child }) => {
      const { code } = start({ args: sh(`( ${child} ) & echo $! > ${join(folder, 'child')}; exit 0`) });
      expect(await code).toBe(0);
      process.kill(Number(await readFile(join(folder, 'child'), 'utf8')));
    });

    it('does not write its log through a link', async () => {
      await writeFile(join(folder, 'elsewhere'), 'untouched');
      await symlink(join(folder, 'elsewhere'), join(folder, 'process-log.txt'));
      expect(await start({ args: ['echo', 'ran'] }).code).toBe(127);
      expect(await readFile(join(folder, 'elsewhere'), 'utf8')).toBe('untouched');
    });

    describe('the step before', () => {
      it.each([
        { previous: '0', code: 0, text: 'ran\n' },
        { previous: '1', code: 1130, text: 'Skipping as previous step exited 1' },
      ])('ended with $previous: $code', async ({ previous, code, text }) => {
        const before = join(folder, 'before.txt');
        const { code: ending } = start({ args: ['echo', 'ran'], previous_marker: before });
        await writeFile(`${before}.new`, previous);
        await rename(`${before}.new`, before);
        expect(await ending).toBe(shown(code));
        expect(await marker()).toBe(String(code));
        expect(await log()).toContain(text);
      });

      it('never ends, and we are told to', async () => {
        const { interrupt, code } = start({ args: ['echo', 'ran'], previous_marker: join(folder, 'before.txt') });
        await expect.poll(() => stat(join(folder, 'process-log.txt')).catch(() => undefined)).toBeDefined();
        await expect.poll(() => (interrupt('SIGINT'), marker().catch(() => ''))).toBe('127');
        expect(await code).toBe(127);
      });
    });

    describe('options that can not be followed', () => {
      it.each([
        { name: 'no process', options: {} },
        { name: 'no log', options: { args: ['true'], process_log: '' } },
        { name: 'no marker', options: { args: ['true'], marker_file: '' } },
        { name: 'two ways to end', options: { args: ['true'], always_zero: true, propagate_error_code: true } },
      ])('$name', async ({ options }) => {
        expect(await start(options).code).toBe(1);
        expect(await readdir(folder)).toEqual([]);
      });
    });
  });
});

it('copies the static entrypoint to where the tests find it', async () => {
  await mkdir(join(folder, 'image'));
  await writeFile(join(folder, 'image/entrypoint'), 'program', { mode: 0o755 });
  const destination = join(folder, 'tools/entrypoint');
  const env = { CUTWATER_STATIC_ENTRYPOINT: join(folder, 'image/entrypoint') };
  expect(await run(['--copy-mode-only', `--copy-destination=${destination}`], env, testRuntime())).toBe(0);
  expect(await readFile(destination, 'utf8')).toBe('program');
  expect((await stat(destination)).mode & 0o111).toBe(0o111);
});

it.each(['{', '[]', '{"args":["x"],}', '{"args":"\\q"}', ''])(
  'refuses the options %j, whichever the program',
  async (text) => {
    expect(await run([], { ENTRYPOINT_OPTIONS: text }, testRuntime())).toBe(1);
    if (compiler) expect(spawnSync(program, [], { env: { ENTRYPOINT_OPTIONS: text } }).status).toBe(1);
  },
);

it.skipIf(!compiler)('the static entrypoint places itself, runs anywhere, and reads every kind of JSON', async () => {
  const placed = join(folder, 'deep/tools/entrypoint');
  expect(spawnSync(program, ['--copy-mode-only', `--copy-destination=${placed}`]).status).toBe(0);
  const options = {
    unknown: { nested: [1, 'x', { deep: null }], pi: 3.14e2 },
    args: ['printf', '%s|', 'quote" \\ slash/', 'line\nbreak', 'ü€😀', '\u0001'],
    process_log: join(folder, 'log ü.txt'),
    marker_file: join(folder, 'marker'),
  };
  const asciiOnly = JSON.stringify(options).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const { status, stdout } = spawnSync(placed, [], {
    env: { PATH: process.env.PATH, ENTRYPOINT_OPTIONS: asciiOnly },
    encoding: 'utf8',
  });
  expect([status, stdout]).toEqual([0, 'quote" \\ slash/|line\nbreak|ü€😀|\u0001|']);
});
