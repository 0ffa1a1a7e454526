import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nock from 'nock';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { fixedSecret, type Secret, secretFile } from '../secrets/secret.ts';
import type { GitHub } from './github.ts';
import { asSpender } from './spender.ts';
import { API, githubStage, issue } from './testing.ts';

const stage = githubStage();

describe('with a token', () => {
  it('asks with the token, once for the same Octokit', async () => {
    nock(API, { reqheaders: { authorization: 'token ghp_secret' } })
      .get('/repos/acme/x/issues/5')
      .reply(200, { title: 'hi' });
    const octokit = await stage.open().forOrg('acme');
    expect((await octokit.rest.issues.get(issue)).data.title).toBe('hi');
    expect(await stage.github.forOrg('other')).toBe(octokit);
  });

  it('is anonymous where the token is empty', async () => {
    nock(API, { badheaders: ['authorization'] })
      .get('/user')
      .reply(200, { login: 'nobody' });
    expect(await stage.open({ auth: { token: fixedSecret('') } }).botLogin()).toBe('nobody');
  });

  it('takes a new token from the file at once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'token-'));
    writeFileSync(join(folder, 'token'), 'first\n');
    const token = secretFile(join(folder, 'token'), pino({ level: 'silent' }), 5);
    const octokit = await stage.open({ auth: { token } }).forOrg('acme');
    writeFileSync(join(folder, 'token'), 'the-second\n');
    await expect.poll(() => token.current()).toBe('the-second');
    nock(API, { reqheaders: { authorization: 'token the-second' } })
      .get('/user')
      .reply(200, { login: 'bot' });
    expect((await octokit.rest.users.getAuthenticated()).data.login).toBe('bot');
    token.close();
    rmSync(folder, { recursive: true });
  });

  it('gives git the login and the token', async () => {
    nock(API).get('/user').reply(200, { login: 'bot' });
    expect(await stage.open().gitCredentials('acme')).toEqual({ username: 'bot', password: 'ghp_secret' });
  });
});

describe('as an App', () => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const installations = [
    { id: 7, account: { login: 'Acme' }, permissions: { issues: 'write' }, events: ['push'], suspended_at: null },
  ];
  const expires = new Date(Date.now() + 3_600_000).toISOString();

  function openApp(key: Secret = fixedSecret(privateKey)): GitHub {
    return stage.open({ auth: { appId: '42', privateKey: key } });
  }

  it('uses the installation of the organisation, one token for all its requests', async () => {
    nock(API, { reqheaders: { authorization: /^bearer ey/ } })
      .get('/app/installations')
      .query(true)
      .reply(200, installations);
    nock(API)
      .post('/app/installations/7/access_tokens')
      .reply(201, { token: 'ghs_7', expires_at: expires, permissions: {}, repository_selection: 'all' });
    nock(API, { reqheaders: { authorization: 'token ghs_7' } })
      .get('/repos/acme/x/issues/5')
      .twice()
      .reply(200, { title: 'hi' });
    const octokit = await openApp().forOrg('acme');
    await octokit.rest.issues.get(issue);
    await octokit.rest.issues.get(issue);
    expect(await stage.github.forOrg('ACME')).toBe(octokit);
    expect(await stage.github.gitCredentials('acme')).toEqual({ username: 'x-access-token', password: 'ghs_7' });
    expect(await stage.github.installations?.list()).toEqual([
      { id: 7, account: 'Acme', permissions: { issues: 'write' }, events: ['push'], suspended: false },
    ]);
  });

  it('has a token and a budget of its own for each organisation, and limits for one that is installed later', async () => {
    const first = installations.map((one) => ({ ...one, id: 7 }));
    const both = [...first, { ...first[0], id: 8, account: { login: 'other' } }];
    nock(API).get('/app/installations').query(true).reply(200, first);
    stage.open({
      auth: { appId: '42', privateKey: fixedSecret(privateKey) },
      orgBudgets: [{ org: 'other', hourlyTokens: 1, burst: 1 }],
    });
    const left = {
      'x-ratelimit-resource': 'core',
      'x-ratelimit-limit': '5000',
      'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 3600),
    };
    for (const [id, remaining] of [
      [7, '4000'],
      [8, '10'],
    ] as const) {
      nock(API)
        .post(`/app/installations/${id}/access_tokens`)
        .reply(201, { token: `ghs_${id}`, expires_at: expires, permissions: {}, repository_selection: 'all' });
      nock(API, { reqheaders: { authorization: `token ghs_${id}` } })
        .get('/repos/acme/x/issues/5')
        .reply(200, {}, { ...left, 'x-ratelimit-remaining': remaining });
    }
    await (await stage.github.forOrg('acme')).rest.issues.get(issue);
    stage.github.installations?.refresh();
    nock(API).get('/app/installations').query(true).reply(200, both);
    const octokit = await stage.github.forOrg('other');
    await octokit.rest.issues.get(issue);
    const report = stage.github.budget().accounts.filter(({ name }) => name);
    expect(report.map(({ name, limits }) => [name, limits[0]?.remaining])).toEqual([
      ['Acme', 4000],
      ['other', 10],
    ]);
    // The one request of its burst is spent: the next waits, and only with the other organisation.
    const waiting = octokit.rest.issues.get(issue);
    waiting.catch(() => undefined);
    await expect.poll(() => stage.github.budget().accounts.find(({ name }) => name === 'other')?.waiting).toBe(1);
    stage.github.close();
    await expect(waiting).rejects.toThrow();
  });

  it('goes by GitHub’s clock where its own is wrong', async () => {
    const theirs = new Date(Date.now() - 600_000);
    const message = "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued";
    nock(API).get('/app').reply(401, { message }, { date: theirs.toUTCString() });
    const issuedAt = (authorization: string | null): number =>
      JSON.parse(Buffer.from(authorization?.split('.')[1] ?? '', 'base64url').toString()).iat;
    nock(API, { reqheaders: { authorization: (value) => issuedAt(value) <= theirs.getTime() / 1000 } })
      .get('/app')
      .reply(200, { slug: 'cutwater' });
    expect(await openApp().botLogin()).toBe('cutwater[bot]');
  });

  it('says where it is not installed', async () => {
    nock(API).get('/app/installations').query(true).reply(200, installations);
    await expect(openApp().forOrg('other')).rejects.toMatchObject({
      code: 'not-found',
      message: 'the GitHub App is not installed on other',
    });
  });

  it('comments under the name of the App', async () => {
    nock(API).get('/app').reply(200, { slug: 'cutwater' });
    expect(await openApp().botLogin()).toBe('cutwater[bot]');
  });

  it('answers Probot apps through the same layers', async () => {
    nock(API)
      .post('/app/installations/7/access_tokens')
      .reply(201, { token: 'ghs_7', expires_at: expires, permissions: {}, repository_selection: 'all' });
    nock(API, { reqheaders: { authorization: 'token ghs_7' } })
      .get('/repos/acme/x/issues/5')
      .reply(502)
      .get('/repos/acme/x/issues/5')
      .reply(200, { title: 'hi' });
    const probot = openApp().probot();
    const titles: string[] = [];
    probot.on(
      'issues.opened',
      async (context) => void titles.push((await context.octokit.rest.issues.get(issue)).data.title),
    );
    const payload = {
      action: 'opened',
      installation: { id: 7 },
      repository: { name: 'x', owner: { login: 'acme' } },
      issue: { number: 5 },
    };
    await probot.receive({ id: 'd', name: 'issues', payload } as unknown as Parameters<typeof probot.receive>[0]);
    expect(titles).toEqual(['hi']);
  });
});

describe('GraphQL', () => {
  it('goes to its own endpoint', async () => {
    nock('https://github.test')
      .post('/api/graphql')
      .reply(200, { data: { viewer: { login: 'bot' } } });
    expect(await stage.open().graphql('acme', '{viewer{login}}')).toEqual({ viewer: { login: 'bot' } });
  });

  it('goes to the one that is named', async () => {
    nock('http://graphql.test')
      .post('/query')
      .reply(502)
      .post('/query')
      .reply(200, { data: { a: 1 } });
    expect(
      await stage
        .open({ graphqlEndpoint: 'http://graphql.test/query' })
        .graphql('acme', 'query($a:String){a}', { a: 'x' }),
    ).toEqual({ a: 1 });
  });

  it('does not send a mutation twice', async () => {
    nock('https://github.test').post('/api/graphql').reply(502);
    await expect(stage.open().graphql('acme', 'mutation{a}')).rejects.toMatchObject({ code: 'transient' });
  });

  it('tells what GitHub found wrong', async () => {
    nock('https://github.test')
      .post('/api/graphql')
      .reply(200, { data: null, errors: [{ type: 'NOT_FOUND', message: 'Could not resolve.' }] });
    await expect(stage.open().graphql('acme', '{a}')).rejects.toMatchObject({
      code: 'not-found',
      message: "GitHub's GraphQL answered: Could not resolve.",
    });
  });
});

describe('a dry run', () => {
  it('reads, and writes nothing', async () => {
    nock(API).get('/repos/acme/x/issues/5').reply(200, { title: 'hi' });
    const octokit = await stage.open({ dryRun: true }).forOrg('acme');
    await octokit.rest.issues.get(issue);
    expect((await octokit.rest.issues.createComment({ ...issue, body: 'hello' })).data).toMatchObject({
      id: 0,
      body: 'hello',
    });
    expect((await octokit.rest.issues.removeLabel({ ...issue, name: 'a' })).status).toBe(204);
    await stage.github.graphql('acme', 'mutation{a}');
    expect(stage.lines.filter((line) => line.includes('not sent'))).toHaveLength(3);
  });
});

describe('the cache', () => {
  it('asks whether an answer has changed, also after a restart, and keeps accounts apart', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'cache-'));
    nock(API)
      .get('/repos/acme/x/issues')
      .reply(200, [{ number: 1 }], { etag: '"a"', link: '<x>; rel="next"' });
    const list = async () => {
      const octokit = await stage.github.forOrg('acme');
      const { data, headers } = await octokit.request('GET /repos/acme/x/issues');
      return [data, headers.link];
    };
    stage.open({ dataDir });
    await list();
    nock(API, { reqheaders: { 'if-none-match': '"a"' } })
      .get('/repos/acme/x/issues')
      .twice()
      .reply(304);
    expect(await list()).toEqual([[{ number: 1 }], '<x>; rel="next"']);
    stage.github.close();
    stage.registry = new Registry();
    stage.open({ dataDir });
    expect(await list()).toEqual([[{ number: 1 }], '<x>; rel="next"']);
    expect(await stage.registry.metrics()).toMatch(/ghcache_responses\{[^}]*mode="REVALIDATED"\} 1/);
    stage.github.close();
    rmSync(dataDir, { recursive: true });
  });
});

describe('the figures', () => {
  it("carry Prow's names and say who spends", async () => {
    nock(API)
      .get('/repos/acme/x/issues/5')
      .reply(200, {}, { 'x-ratelimit-remaining': '4000', 'x-ratelimit-reset': '1', 'x-ratelimit-resource': 'core' });
    const octokit = await stage.open().forOrg('acme');
    await asSpender({ plugin: 'size', repo: 'acme/x', priority: 'label' }, () => octokit.rest.issues.get(issue));
    const text = await stage.registry.metrics();
    expect(text).toMatch(
      /github_token_usage\{token_hash="[0-9a-f]{64}",api_version="v3",ratelimit_resource="core"\} 4000/,
    );
    expect(text).toMatch(
      /github_request_duration_count\{[^}]*path="\/repos\/owner\/repo\/issues\/issueId"[^}]*status="200"\} 1/,
    );
    expect(text).toContain('cutwater_github_requests{plugin="size",repo="acme/x",cost="counted"} 1');
  });
});
