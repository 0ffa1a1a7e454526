import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ConfigAgent } from './agent.ts';
import { Loader, type LoadOptions, loadConfig } from './load.ts';
import { duration, pattern } from './schema.ts';
import { type Section, section } from './section.ts';

const Sinker = z.object({
  resync_period: duration().default('1h'),
  exclude: z.array(z.string()).default([]),
  limit: z.int().optional(),
  match: pattern().optional(),
  by_repo: z.record(z.string(), z.object({ a: z.string().default('') })).default({}),
});
const sinker = section({
  key: 'sinker',
  schema: Sinker,
  merge: (base, more) => ({ ...base, exclude: [...base.exclude, ...more.exclude] }),
  finish(value, view, file) {
    if (value.limit === 5) view.problem(file, ['sinker', 'limit'], 'five is too many');
    return value;
  },
});
const deck = section({ key: 'deck', schema: z.object({ url: z.string().default('') }) });
const plugins = section({ key: 'plugins', file: 'plugins', schema: z.record(z.string(), z.unknown()).default({}) });
const jobNames: Section<string[], string[]> = {
  name: 'jobs',
  keys: ['jobs'],
  files: ['config', 'jobs'],
  schemas: {},
  decode: (raw) => (raw.jobs as string[] | null) ?? [],
  combine: (parts) => parts.flatMap(({ value }) => value),
};
const sections = [sinker, deck, plugins, jobNames];

let folder: string;
const at = (name: string) => path.join(folder, name);
const put = (name: string, text: string | Buffer) => {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), text);
};
const load = (options: Partial<LoadOptions> = {}) =>
  loadConfig({ sections, configPath: at('config.yaml'), ...options });

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('loadConfig', () => {
  test('an empty file means the defaults', () => {
    put('config.yaml', '');
    expect(load().get(sinker)).toEqual({ resync_period: '1h', exclude: [], by_repo: {} });
  });

  test('keys in any case, scalars as text, null as not set', () => {
    put('config.yaml', 'sinker:\n  Exclude: [1, yes, 0400]\n  limit:\n  by_repo: {a: , b: {A: 1.50}}\n');
    expect(load().get(sinker)).toMatchObject({
      exclude: ['1', 'true', '256'],
      by_repo: { a: { a: '' }, b: { a: '1.5' } },
    });
  });

  test('unknown keys are told, and refused under strict', () => {
    put('config.yaml', 'sinker: {foo: 1}\nbar: 2\n');
    expect(load().unknownKeys.map(({ path: steps }) => steps)).toEqual([['sinker', 'foo'], ['bar']]);
    expect(() => load({ strict: true })).toThrow(
      /config\.yaml:1:10: sinker\.foo: unknown key\n.*:2:1: bar: unknown key/,
    );
  });

  test.each([
    ['sinker:\n  limit: x\n', ':2:3: sinker.limit: cannot read string "x" as an integer'],
    ['sinker:\n  exclude:\n  - {}\n', ':3:5: sinker.exclude[0]: cannot read a map as text'],
    ['sinker: {resync_period: 5q}\n', ':1:10: sinker.resync_period: time: invalid duration "5q"'],
    ['sinker: {match: "a("}\n', ':1:10: sinker.match: error parsing regexp: missing closing ): `a(`'],
    ['sinker: {limit: 5}\n', ':1:10: sinker.limit: five is too many'],
    ['- a\n', ': a configuration file must be a map of keys'],
    ['a: b: c\n', ':1:5: bad indentation of a mapping entry'],
  ])('%j is refused with its place', (text, message) => {
    put('config.yaml', text);
    expect(() => load()).toThrow(`${at('config.yaml')}${message}`);
  });

  test('one file may hold both parts, but a key only once', () => {
    put('config.yaml', 'sinker: {}\nplugins: {a: [b]}\n');
    expect(load().get(plugins)).toEqual({ a: ['b'] });
    put('plugins.yaml', 'plugins: {c: [d]}\n');
    expect(() => load({ pluginConfigPath: at('plugins.yaml') })).toThrow('plugins is set in');
  });

  test('supplemental files join where a section says how, and may hold nothing else', () => {
    put('config.yaml', 'sinker: {exclude: [a]}\n');
    put('more/x/b_prowconfig.yaml', 'sinker: {exclude: [b]}\n');
    put('more/ignored.yaml', 'deck: {}\n');
    expect(load({ supplementalConfigDirs: [at('more')] }).get(sinker).exclude).toEqual(['a', 'b']);
    put('more/c_prowconfig.yaml', 'deck: {url: x}\n');
    expect(() => load({ supplementalConfigDirs: [at('more')] })).toThrow('deck: may not be set');
  });

  test('a folder of jobs: in order, gzip too, without what is ignored or below ..data', () => {
    put('config.yaml', 'jobs: [main]\n');
    put('jobs/b.yaml', 'jobs: [b]\n');
    put('jobs/a/z.yml', gzipSync('jobs: [z]\n'));
    put('jobs/..2026/b.yaml', 'jobs: [hidden]\n');
    put('jobs/notes.txt', 'jobs: [text]\n');
    put('jobs/skipped/s.yaml', 'jobs: [skipped]\n');
    put('jobs/a/q.yaml', 'jobs: [q]\n');
    put('jobs/.prowignore', 'skipped/\nq.yaml\n');
    put('jobs/a/.prowignore', '!q.yaml\n');
    expect(load({ jobConfigPath: at('jobs') }).get(jobNames)).toEqual(['main', 'q', 'z', 'b']);
    put('jobs/a/b.yaml', 'jobs: [twin]\n');
    expect(() => load({ jobConfigPath: at('jobs') })).toThrow('duplicated basename is not allowed: b.yaml');
  });

  test('a path that is not there is one clear line', () => {
    expect(() => load()).toThrow(/no such file/);
    put('config.yaml', '');
    expect(() => load({ jobConfigPath: at('nowhere') })).toThrow(/nowhere: ENOENT/);
  });

  test('VERSION beside the file is the version', () => {
    put('config.yaml', '');
    put('VERSION', 'abc123');
    expect(load().versionSha).toBe('abc123');
  });
});

describe('Loader', () => {
  test('keeps what has not changed', () => {
    put('config.yaml', 'sinker: {exclude: [a]}\ndeck: {url: x}\n');
    put('jobs/a.yaml', 'jobs: [a]\n');
    const loader = new Loader({ sections, configPath: at('config.yaml'), jobConfigPath: at('jobs') });
    const before = loader.load();
    put('jobs/a.yaml', 'jobs: [a, b]\n');
    const after = loader.load();
    expect(after.get(jobNames)).toEqual(['a', 'b']);
    expect(after.get(sinker)).toBe(before.get(sinker));
    expect(loader.loadIfChanged(loader.fingerprint)).toBeUndefined();
  });

  test.each([
    ['cut short', (content: Buffer) => content.subarray(0, content.length - 3)],
    ['changed', (content: Buffer) => Buffer.concat([content.subarray(0, -1), Buffer.from('x')])],
    ['of another version', () => Buffer.from('something else')],
  ])('a cache that is %s does no harm', async (_, spoil) => {
    const { readFileSync } = await import('node:fs');
    put('config.yaml', 'sinker: {exclude: [a]}\n');
    const cacheFile = at('cache/parsed');
    load({ cacheFile });
    expect(load({ cacheFile }).get(sinker).exclude).toEqual(['a']);
    writeFileSync(cacheFile, spoil(readFileSync(cacheFile)));
    expect(load({ cacheFile }).get(sinker).exclude).toEqual(['a']);
  });
});

describe('ConfigAgent', () => {
  const open = () =>
    new ConfigAgent({
      sections,
      configPath: at('config.yaml'),
      log: pino({ level: 'silent' }),
      pollInterval: 3_600_000,
    });

  test('serves the new version, and the old one where the new one is broken', () => {
    put('config.yaml', 'sinker: {limit: 1}\n');
    const agent = open();
    const seen: unknown[] = [];
    agent.subscribe((after, before) => seen.push([before.get(sinker).limit, after.get(sinker).limit]));
    expect(agent.reload()).toBe(false);
    put('config.yaml', 'sinker: {limit: 2}\n');
    expect(agent.reload()).toBe(true);
    put('config.yaml', 'sinker: {limit: 5}\n');
    expect(agent.reload()).toBe(false);
    expect(agent.problem).toContain('five is too many');
    expect(agent.current.get(sinker).limit).toBe(2);
    put('config.yaml', 'sinker: {limit: 33}\n');
    agent.reload();
    expect(agent.problem).toBeUndefined();
    expect(seen).toEqual([
      [1, 2],
      [2, 33],
    ]);
    agent.close();
  });

  test('follows a ConfigMap mount when its ..data link is swapped, without being asked', async () => {
    put('..one/config.yaml', 'sinker: {limit: 1}\n');
    put('..two/config.yaml', 'sinker: {limit: 2}\n');
    symlinkSync('..one', at('..data'));
    symlinkSync('..data/config.yaml', at('config.yaml'));
    const agent = open();
    const changed = new Promise<number | undefined>((resolve) => {
      agent.subscribe((after) => resolve(after.get(sinker).limit));
    });
    symlinkSync('..two', at('..data_tmp'));
    renameSync(at('..data_tmp'), at('..data'));
    expect(await changed).toBe(2);
    agent.close();
  });

  test('goes back to a version that it refused to leave', () => {
    put('config.yaml', 'sinker: {limit: 1}\n');
    const agent = open();
    put('config.yaml', 'sinker: {limit: 5}\n');
    agent.reload();
    put('config.yaml', 'sinker: {limit: 1}\n');
    agent.reload();
    expect(agent.problem).toBeUndefined();
    agent.close();
  });
});
