import { createSign } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../testing.ts';

let sandbox: TestSandbox;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ sandbox, stop } = await startTestSandbox());
}, 60_000);
afterAll(() => stop());

function jwt(claims: Record<string, unknown> = {}): Record<string, string> {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iat: now - 60, exp: now + 300, iss: sandbox.tokens.app.id, ...claims })}`;
  const signature = createSign('RSA-SHA256').update(text).sign(sandbox.tokens.app.privateKey, 'base64url');
  return { Authorization: `Bearer ${text}.${signature}` };
}

async function installationToken(body?: unknown): Promise<Record<string, string>> {
  const path = `/app/installations/${sandbox.tokens.app.installationId}/access_tokens`;
  const answer = await sandbox.ask(null, 'POST', path, body, jwt());
  expect(answer.status).toBe(201);
  return { Authorization: `token ${answer.body.token}` };
}

test('an App shows itself and finds its installation', async () => {
  expect((await sandbox.ask(null, 'GET', '/app', undefined, jwt())).body.slug).toBe('cutwater');
  expect((await sandbox.ask(null, 'GET', '/repos/acme/widgets/installation', undefined, jwt())).body.id).toBe(
    sandbox.tokens.app.installationId,
  );
});

test.each([
  ['a JWT that has ended', { exp: 1 }],
  ['one of an unknown App', { iss: 1 }],
  ['one that lives too long', { exp: Math.floor(Date.now() / 1000) + 3600 }],
])('%s is refused', async (_, claims) => {
  expect((await sandbox.ask(null, 'GET', '/app', undefined, jwt(claims))).status).toBe(401);
});

test('an installation acts as the bot and is nobody of its own', async () => {
  const headers = await installationToken();
  const comment = await sandbox.ask(null, 'POST', '/repos/acme/widgets/issues/42/comments', { body: 'hello' }, headers);
  expect(comment.body.user).toMatchObject({ login: 'cutwater[bot]', type: 'Bot' });
  expect((await sandbox.ask(null, 'GET', '/user', undefined, headers)).status).toBe(403);
  expect((await sandbox.ask(null, 'GET', '/installation/repositories', undefined, headers)).body.total_count).toBe(1);
});

test('a check run is written by an App only, and its suite follows', async () => {
  const headers = await installationToken();
  const head_sha = sandbox.pull(42).pull.headSha;
  const path = '/repos/acme/widgets/check-runs';
  expect((await sandbox.ask('alice', 'POST', path, { name: 'build', head_sha })).status).toBe(403);
  const made = await sandbox.ask(null, 'POST', path, { name: 'build', head_sha, status: 'in_progress' }, headers);
  await sandbox.ask(null, 'PATCH', `${path}/${made.body.id}`, { conclusion: 'failure' }, headers);
  const suites = await sandbox.ask('alice', 'GET', `/repos/acme/widgets/commits/${head_sha}/check-suites`);
  expect(suites.body.check_suites[0]).toMatchObject({ status: 'completed', conclusion: 'failure' });
});

test('deliveries are listed and sent again under the same id', async () => {
  await sandbox.ask('bob', 'POST', '/repos/acme/widgets/issues/42/comments', { body: '/test all' });
  await sandbox.idle();
  const [newest] = (await sandbox.ask(null, 'GET', '/app/hook/deliveries?per_page=1', undefined, jwt())).body;
  expect(newest).toMatchObject({
    event: 'issue_comment',
    action: 'created',
    status: 'OK',
    status_code: 200,
    redelivery: false,
  });
  const full = (await sandbox.ask(null, 'GET', `/app/hook/deliveries/${newest.id}`, undefined, jwt())).body;
  expect(full.request.payload.comment.body).toBe('/test all');
  const again = await sandbox.ask(null, 'POST', `/app/hook/deliveries/${newest.id}/attempts`, undefined, jwt());
  expect(again.status).toBe(202);
  await sandbox.idle();
  const sent = sandbox.received.filter((it) => it.headers['x-github-delivery'] === newest.guid);
  expect(sent).toHaveLength(2);
  expect(sent.every((it) => it.signed)).toBe(true);
});

test('a receiver that is not there fails the delivery', async () => {
  sandbox.sendWebhooksTo('http://127.0.0.1:1/hook');
  await sandbox.ask('bob', 'POST', '/repos/acme/widgets/issues/42/comments', { body: 'anyone there?' });
  await sandbox.idle();
  const [failed] = (await sandbox.ask(null, 'GET', '/app/hook/deliveries?status=failure', undefined, jwt())).body;
  expect(failed).toMatchObject({ status: 'failed to connect to host', status_code: 502 });
});

test('a manifest becomes an App of its own', async () => {
  const code = sandbox.offerApp({
    name: 'Second bot',
    permissions: { issues: 'write' },
    events: ['issues'],
    webhookUrl: '',
  });
  const made = await sandbox.ask(null, 'POST', `/app-manifests/${code}/conversions`);
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    slug: 'second-bot',
    pem: expect.stringContaining('PRIVATE KEY'),
    webhook_secret: expect.any(String),
  });
  expect((await sandbox.ask(null, 'POST', `/app-manifests/${code}/conversions`)).status).toBe(404);
  expect((await sandbox.ask(null, 'POST', '/app-manifests/wrong/conversions')).status).toBe(404);
});

test.each([
  ['PUT', '/api/v3/repos/acme/widgets/contents/x.sh'],
  ['POST', '/api/graphql'],
  ['GET', '/acme/widgets.git/info/refs?service=git-receive-pack'],
])('%s %s is refused under a name that somebody else may have pointed here', async (method, path) => {
  const status = await new Promise((resolve, reject) => {
    const headers = { host: 'evil.example', authorization: `token ${sandbox.tokens.people.alice}` };
    request(new URL(path, sandbox.url), { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end(method === 'GET' ? undefined : '{}');
  });
  expect(status).toBe(421);
});
