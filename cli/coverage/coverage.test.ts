import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../core/config/load.ts';
import { createGitHub, type GitHub } from '../../core/github/github.ts';
import { type HttpServer, listen } from '../../core/hook/server.ts';
import { fixedSecret } from '../../core/secrets/secret.ts';
import { startTestSandbox, type TestSandbox } from '../../sandbox/testing.ts';
import { sections } from '../sections.ts';
import { coverage } from './compare.ts';
import { type CoverageWatch, watchCoverage } from './watch.ts';

const acme = { account: 'Acme', suspended: false, repos: ['Acme/widgets', 'Acme/site'] };

describe('what is configured against what is installed', () => {
  it.each([
    ['an organisation covers all of its repositories', ['acme'], [acme], [], [], 2],
    ['a repository covers itself', ['acme/Widgets'], [acme], [], ['Acme/site'], 1],
    ['a repository that the App may not see', ['acme', 'acme/secret'], [acme], ['acme/secret'], [], 2],
    ['an organisation without the App', ['acme', 'Other', 'other/x'], [acme], ['Other', 'other/x'], [], 2],
    ['a suspended installation serves nothing', ['acme'], [{ ...acme, suspended: true }], ['acme'], [], 0],
    ['nothing at all', [], [], [], [], 0],
  ])('%s', (_name, configured, installed, notInstalled, notConfigured, served) => {
    expect(coverage(configured, installed)).toEqual({ notInstalled, notConfigured, served });
  });
});

describe('the program', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'coverage-'));
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const registry = new Registry();
  let sandbox: TestSandbox;
  let stop: () => Promise<void>;
  let github: GitHub;
  let watch: CoverageWatch;
  let server: HttpServer;

  beforeAll(async () => {
    ({ sandbox, stop } = await startTestSandbox());
    const { id, privateKey } = sandbox.tokens.app;
    const auth = { appId: String(id), privateKey: fixedSecret(privateKey) };
    github = createGitHub({ auth, endpoints: [sandbox.apiUrl], log, registry });
    const configPath = path.join(folder, 'config.yaml');
    writeFileSync(configPath, 'plugins: { other: [hold], acme/gone: [size] }\npresubmits: { acme/widgets: [] }\n');
    const config = loadConfig({ sections, configPath });
    watch = watchCoverage({ config: () => config, github, log, registry });
    server = await listen({ routes: watch.routes, log }, 0);
    watch.start();
  });
  afterAll(async () => {
    watch.stop();
    github.close();
    await server.close(0);
    await stop();
    rmSync(folder, { recursive: true });
  });

  const shown = async () => (await fetch(`${server.url}/installations`)).json();

  it('tells what it found, in the log, in the metrics and at /installations', async () => {
    await expect.poll(() => lines.join('')).toContain('names what the GitHub App is not installed on');
    expect(lines.join('')).toContain('"places":["acme/gone","other"]');
    expect(await registry.metrics()).toContain('cutwater_repositories{state="not-installed"} 2');
    expect(await shown()).toEqual({
      installations: [{ account: 'acme', suspended: false, repositories: 1 }],
      served: 1,
      notInstalled: ['acme/gone', 'other'],
      notConfigured: 0,
    });
  });

  it('looks again when an installation changes', async () => {
    const [installation] = sandbox.world.installations.all();
    if (!installation) throw new Error('not installed');
    sandbox.world.installations.put({ ...installation, suspended: true });
    watch.changed();
    await expect.poll(shown, { timeout: 20_000 }).toMatchObject({ installations: [{ suspended: true }], served: 0 });
  });
});
