import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../testing.ts';

let sandbox: TestSandbox;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ sandbox, stop } = await startTestSandbox());
}, 60_000);
afterAll(() => stop());

const MANIFEST = {
  name: 'Helper',
  url: 'https://helper.example',
  redirect_url: 'https://helper.example/back?from=setup',
  setup_url: 'https://helper.example/',
  hook_attributes: { url: 'http://127.0.0.1:1/hook' },
  default_permissions: { pull_requests: 'write' },
  default_events: ['pull_request'],
};

function send(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  const body = new URLSearchParams(fields);
  return fetch(`${sandbox.url}${path}`, { method: 'POST', body, headers, redirect: 'manual' });
}

test('a manifest from another page is shown, made an App of after a yes, and installed after another', async () => {
  const manifest = JSON.stringify(MANIFEST);
  const shown = await send(
    '/organizations/acme/settings/apps/new?state=xyz',
    { manifest },
    { origin: 'https://helper.example' },
  );
  const html = await shown.text();
  expect(html).toContain('Create GitHub App for acme');
  expect(html).toContain('<dt>pull requests</dt><dd>write</dd>');
  const own = { origin: sandbox.url };
  const made = await send('/settings/apps/create', { manifest, owner: 'acme', name: 'Helper 2', state: 'xyz' }, own);
  const back = new URL(made.headers.get('location') ?? '');
  expect(back.origin + back.pathname).toBe('https://helper.example/back');
  expect(Object.fromEntries(back.searchParams)).toEqual({ from: 'setup', state: 'xyz', code: expect.any(String) });
  const { body } = await sandbox.ask(null, 'POST', `/app-manifests/${back.searchParams.get('code')}/conversions`);
  expect(body).toMatchObject({ slug: 'helper-2', owner: { login: 'acme' }, permissions: { pull_requests: 'write' } });
  const installed = await send('/apps/helper-2/installations/new', { account: 'acme' }, own);
  expect(installed.headers.get('location')).toBe('https://helper.example/');
});

test.each([
  ['what is no manifest', '/settings/apps/new', { manifest: 'x' }, 422],
  ['a manifest without an address', '/settings/apps/new', { manifest: '{}' }, 422],
  ['an organization that is not there', '/organizations/nobody/settings/apps/new', { manifest: '{}' }, 404],
  ['an App made by another page', '/settings/apps/create', { manifest: JSON.stringify(MANIFEST) }, 403],
])('%s is refused', async (_, path, fields, status) => {
  expect((await send(path, fields, { origin: 'https://evil.example' })).status).toBe(status);
});
