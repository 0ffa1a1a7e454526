import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { configOf } from '../config/config.ts';
import { type ProbotApp, probotApps } from '../config/sections/probot-apps.ts';
import { createProbotApps, type ProbotApps } from './apps.ts';

let folder: string;
let registry: Registry;
let apps: ProbotApps;
let told: string[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'probot-apps-'));
  registry = new Registry();
  told = [];
  const log = pino({ level: 'error' }, { write: (line: string) => told.push(line) });
  const asApp = async () => ({ request: { endpoint: { DEFAULTS: { baseUrl: 'https://api.github.com' } } } }) as never;
  apps = createProbotApps({ github: { asApp }, log, registry });
});
afterEach(async () => {
  await apps.close();
  rmSync(folder, { recursive: true, force: true });
});

function app(name: string, text = 'export default () => {}'): ProbotApp {
  const file = path.join(folder, `${name}.mjs`);
  writeFileSync(file, text);
  return { app: file, name, excluded_repos: [] };
}

function config(places: Record<string, ProbotApp[]>) {
  return configOf([probotApps, places]);
}

async function names(view: ReturnType<typeof config>, org: string, repo: string): Promise<string[]> {
  return (await apps.pluginsFor(view, org, repo)).map(({ name }) => name);
}

async function up(): Promise<Record<string, number>> {
  const metric = await registry.getSingleMetric('cutwater_probot_app_up')?.get();
  return Object.fromEntries((metric?.values ?? []).map(({ labels, value }) => [labels.app, value]));
}

test('each repository has its own, and an event waits for one that the configuration has just named', async () => {
  const before = config({ acme: [app('one')] });
  await apps.start(before);
  expect(await names(before, 'acme', 'widgets')).toEqual(['probot:one']);
  expect(apps.plugins().map(({ name }) => name)).toEqual(['probot:one']);
  expect(apps.pluginsFor(before, 'acme', 'widgets')).not.toBeInstanceOf(Promise);
  const after = config({ acme: [app('one')], 'acme/widgets': [app('two')] });
  expect(await names(after, 'acme', 'widgets')).toEqual(['probot:one', 'probot:two']);
  expect(await names(after, 'acme', 'site')).toEqual(['probot:one']);
  expect(await names(config({}), 'acme', 'widgets')).toEqual([]);
  expect(await up()).toEqual({});
});

test('one that does not load stops the start; later it is told, and left out', async () => {
  const broken = app('broken', 'throw new Error("no")');
  await expect(apps.start(config({ acme: [broken] }))).rejects.toMatchObject({ code: 'config' });
  told = [];
  expect(await names(config({ acme: [broken, app('sound')] }), 'acme', 'x')).toEqual(['probot:sound']);
  expect(told.join()).toContain('A Probot app does not load');
  expect(await up()).toEqual({ broken: 0, sound: 1 });
});
