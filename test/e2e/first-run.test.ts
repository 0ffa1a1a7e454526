import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/index.ts';
import * as actions from '../../sandbox/model/actions/index.ts';
import { accountByLogin, labelsOf, pullByNumber, repoByName } from '../../sandbox/model/lookup.ts';
import { createProduct, type Product } from './support/product.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'first-run-'));
const data = path.join(folder, 'data');
let sandbox: Sandbox;
let product: Product;

beforeAll(async () => {
  sandbox = await startSandbox({ dataDir: path.join(folder, 'sandbox'), port: 0 });
  product = await createProduct([
    '--github',
    `--data-dir=${data}`,
    `--github-endpoint=${sandbox.apiUrl}`,
    `--github-graphql-endpoint=${sandbox.graphqlUrl}`,
    '--local-runtime=process',
  ]);
});
afterAll(async () => {
  await product.kill();
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

/** A browser's form, sent from a page of `origin`. */
function post(url: string, origin: string, fields: Record<string, string>): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { origin }, body: new URLSearchParams(fields), redirect: 'manual' });
}

function comment(body: string): void {
  const repo = repoByName(sandbox.world, 'acme', 'widgets');
  const issue = repo && pullByNumber(sandbox.world, repo, 42);
  const actor = accountByLogin(sandbox.world, 'alice');
  if (!issue || !actor) throw new Error('the seed has changed');
  actions.comment(sandbox.world, { actor, issue, body });
}

function labels(): string[] {
  const repo = repoByName(sandbox.world, 'acme', 'widgets');
  const issue = repo && pullByNumber(sandbox.world, repo, 42);
  return issue ? labelsOf(sandbox.world, issue).map(({ name }) => name) : [];
}

it('goes from nothing to an App that answers, by one link and one button, and again after a kill', async () => {
  const ready = product.start();
  await expect.poll(() => product.log(), { timeout: 50_000 }).toMatch(/setup\?key=\S+\n/);
  const link = /http\S+setup\?key=\S+/.exec(product.log())?.[0] ?? '';
  const entered = await fetch(link, { redirect: 'manual' });
  const cookie = entered.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const page = await (await fetch(new URL('/setup?org=acme', link), { headers: { cookie } })).text();
  const manifest = (/name="manifest" value="([^"]+)"/.exec(page)?.[1] ?? '').replaceAll('&quot;', '"');
  const state = /apps\/new\?state=([\w-]+)/.exec(page)?.[1] ?? '';
  expect(page).toContain(`action="${sandbox.url}/organizations/acme/settings/apps/new?state=`);

  const fields = { manifest, state, owner: 'acme', name: 'Acme bot' };
  const made = await post(`${sandbox.url}/settings/apps/create`, sandbox.url, fields);
  const back = await fetch(made.headers.get('location') ?? '', { headers: { cookie }, redirect: 'manual' });
  expect(back.headers.get('location')).toBe(`${sandbox.url}/apps/acme-bot/installations/new`);
  await post(`${sandbox.url}/apps/acme-bot/installations/new`, sandbox.url, { account: 'acme' });
  await ready;
  expect(readFileSync(path.join(data, 'config.yaml'), 'utf8')).toContain('  acme:\n');

  comment('/hold');
  await expect.poll(labels, { timeout: 50_000 }).toContain('do-not-merge/hold');

  await product.kill();
  await product.start();
  expect(product.log().match(/setup\?key=/g)).toHaveLength(1);
  comment('/hold cancel');
  await expect.poll(labels, { timeout: 50_000 }).not.toContain('do-not-merge/hold');
  expect(product.log()).not.toContain('BEGIN RSA PRIVATE KEY');
}, 180_000);
