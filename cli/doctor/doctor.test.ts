import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { createKubeClient } from '../../core/kube/client.ts';
import { fakeApiServer, reply } from '../../core/kube/testing.ts';
import { createStorage } from '../../core/storage/index.ts';
import { startTestSandbox, type TestSandbox } from '../../sandbox/testing.ts';
import { judgeClock } from './checks/clock.ts';
import { POD_RIGHTS, PROWJOB_RIGHTS, type Right, rights } from './checks/cluster.ts';
import { judgeGit } from './checks/machine.ts';
import { lacking } from './checks/permissions.ts';
import { judgeRate } from './checks/rate.ts';
import { judgeScopes } from './checks/slack.ts';
import { probe } from './checks/storage.ts';
import { judgeConfig, judgeDeliveries } from './checks/webhook.ts';
import type { Finding, Level } from './finding.ts';
import { run } from './index.ts';
import { showFindings } from './show.ts';

/** What a finding comes to, for rows of tests. */
const told = (findings: readonly Finding[]): string[] => findings.map(({ level, message }) => `${level}: ${message}`);

describe('judgements', () => {
  it.each<[string, number, Level]>([
    ['the same', 300, 'ok'],
    ['a cut second', -1900, 'ok'],
    ['half a minute ahead', 30_000, 'warning'],
    ['two minutes behind', -120_000, 'failure'],
  ])('of a clock: %s', (_name, ahead, level) => {
    expect(judgeClock(ahead).level).toBe(level);
  });

  it.each<[string, Level]>([
    ['git version 2.39.5', 'ok'],
    ['git version 3.0.0', 'ok'],
    ['git version 2.37.1 (Apple Git-137)', 'failure'],
  ])('of %s', (text, level) => {
    expect(judgeGit(text).level).toBe(level);
  });

  it.each<[number, number, Level]>([
    [4000, 4000, 'ok'],
    [4000, 100, 'warning'],
    [0, 4000, 'failure'],
  ])('of %i and %i requests left', (core, graphql, level) => {
    const limit = (remaining: number) => ({ limit: 5000, remaining, reset: 600 });
    expect(judgeRate('acme', { core: limit(core), graphql: limit(graphql) }, 0)).toMatchObject({ level });
  });

  it.each<[string, Level]>([
    ['chat:write, chat:write.customize, chat:write.public', 'ok'],
    ['chat:write', 'warning'],
    ['channels:read', 'failure'],
  ])('of Slack scopes %s', (scopes, level) => {
    expect(judgeScopes('bot', scopes)).toMatchObject([{ level }]);
  });

  const needed = { permissions: { issues: 'write', members: 'read' }, events: ['push', 'team'] };
  it.each<[string, object, string[]]>([
    ['all', needed, []],
    ['more than needed', { ...needed, permissions: { issues: 'admin', members: 'write' } }, []],
    [
      'too little',
      { permissions: { issues: 'read' }, events: [] },
      [
        'failure: the App lacks issues: write (has read), members: read (has none)',
        'failure: the App does not hear of push',
        'warning: the App learns up to two minutes late of team',
      ],
    ],
  ])('of permissions: %s', (_name, given, findings) => {
    expect(told(lacking('the App', given as typeof needed, needed, 'fix'))).toEqual(findings);
  });

  const good = { url: 'https://ci.example.com/hook', content_type: 'json', insecure_ssl: '0', secret: '********' };
  it.each<[string, object, string[]]>([
    ['good', {}, ['ok: webhooks go to https://ci.example.com/hook']],
    ['none', { url: '' }, ['failure: the App has no webhook address']],
    [
      'local',
      { url: 'http://localhost/hook' },
      ['failure: webhooks go to http://localhost/hook, which GitHub cannot reach'],
    ],
    [
      'elsewhere',
      { url: 'https://ci.example.com/' },
      ['warning: webhooks go to /, and this program takes them at /hook'],
    ],
    ['a channel', { url: 'https://smee.io/abc' }, ['ok: webhooks go to https://smee.io/abc']],
    ['a form', { content_type: 'form' }, ['failure: webhooks come as form, which hook refuses']],
    ['unsigned', { secret: undefined }, ['failure: the App signs its webhooks with no secret']],
    ['unchecked', { insecure_ssl: '1' }, ['warning: GitHub does not check the certificate of the webhook address']],
  ])('of a webhook: %s', (_name, parts, findings) => {
    const patient = { flags: {}, hosts: { endpoints: [], web: 'https://github.com' } };
    const found = judgeConfig({ ...good, ...parts }, patient as unknown as Parameters<typeof judgeConfig>[1], 'page');
    expect(told(found)).toEqual(findings);
  });

  const attempt = (status_code: number) => ({ id: 1, status: 'x', status_code });
  it.each<[string, number[], string[]]>([
    ['nothing', [], ['warning: GitHub has delivered nothing lately']],
    ['all arrived', [200, 202], ['ok: the last 2 arrived']],
    ['the newest refused', [403, 200], ['failure: 1 of the last 2 deliveries were refused (403 x)']],
    ['older ones lost', [200, 502], ['warning: 1 of the last 2 deliveries did not reach this program (502 x)']],
    [
      'two causes',
      [200, 404, 500],
      [
        'warning: 1 of the last 3 deliveries went to an address where nothing takes them (404 x)',
        'warning: 1 of the last 3 deliveries could not be kept (500 x)',
      ],
    ],
  ])('of deliveries: %s', (_name, codes, findings) => {
    expect(told(judgeDeliveries(codes.map(attempt), 'page'))).toEqual(findings);
  });
});

describe('storage', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'doctor-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is tried, and left as it was', async () => {
    expect(told(await probe(createStorage(), folder))).toEqual([`ok: ${folder}: written, read and deleted`]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is named where it cannot be written', async () => {
    writeFileSync(path.join(folder, 'file'), '');
    const [finding] = await probe(createStorage(), path.join(folder, 'file'));
    expect(finding).toMatchObject({ level: 'failure', message: expect.stringContaining('cannot write to') });
  });
});

describe('a cluster', () => {
  interface Rule {
    apiGroups: string[];
    resources: string[];
    verbs: string[];
    resourceNames?: string[];
  }

  /** What the manifests grant in a namespace, a line for each verb. */
  function granted(file: string, namespace: string): string[] {
    const text = readFileSync(new URL(`../../deploy/overlays/${file}`, import.meta.url), 'utf8');
    const documents = parseAllDocuments(text).map((document) => document.toJS());
    const roles = documents.filter(({ kind, metadata }) => kind === 'Role' && metadata.namespace === namespace);
    const rules: Rule[] = roles.flatMap((role) => role.rules);
    const lines = rules.flatMap(({ apiGroups, resources, verbs, resourceNames = [''] }) =>
      verbs.flatMap((verb) => resourceNames.map((name) => `${verb} ${apiGroups[0]}/${resources[0]} ${name}`.trim())),
    );
    return [...new Set(lines)].filter((line) => !line.includes('configmaps')).sort();
  }

  const asked = (wanted: readonly Right[]): string[] =>
    wanted
      .flatMap(({ group, resource, verbs, name = '' }) =>
        verbs.map((verb) => `${verb} ${group}/${resource} ${name}`.trim()),
      )
      .sort();

  it('is asked for what the manifests in deploy/ grant', () => {
    expect(asked(PROWJOB_RIGHTS)).toEqual(granted('components/rbac.yaml', 'prow'));
    expect(asked(POD_RIGHTS)).toEqual(granted('build-cluster/build-cluster.yaml', 'test-pods'));
  });

  it('is asked verb by verb, and names those that are missing', async () => {
    const asked: string[] = [];
    const server = await fakeApiServer((_request, response, body) => {
      const { resourceAttributes: about } = JSON.parse(body).spec;
      asked.push([about.verb, about.resource, about.subresource, about.namespace].filter(Boolean).join(' '));
      reply(response, 201, { status: { allowed: about.verb !== 'delete' } });
    });
    const client = createKubeClient(server.target);
    const findings = await rights('build cluster default', client, 'test-pods', POD_RIGHTS);
    expect(told(findings)).toEqual(['failure: build cluster default: may not delete pods in test-pods']);
    expect(asked).toContain('get pods log test-pods');
    expect(asked).toHaveLength(POD_RIGHTS.flatMap(({ verbs }) => verbs).length);
    client.close();
    await server.close();
  });
});

describe('cutwater doctor', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'doctor-'));
  const file = (name: string, text: string) => {
    writeFileSync(path.join(folder, name), text, { mode: 0o600 });
    return path.join(folder, name);
  };
  let sandbox: TestSandbox;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    ({ sandbox, stop } = await startTestSandbox());
  });
  afterAll(async () => {
    await stop();
    rmSync(folder, { recursive: true });
  });

  async function examined(...flags: string[]): Promise<{ code: number; text: string }> {
    let text = '';
    const spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      text += String(chunk);
      return true;
    });
    const code = await run([
      `--github-endpoint=${sandbox.apiUrl}`,
      `--github-graphql-endpoint=${sandbox.graphqlUrl}`,
      `--data-dir=${path.join(folder, 'data')}`,
      '--local-runtime=process',
      ...flags,
    ]);
    spy.mockRestore();
    return { code, text };
  }

  const asApp = () => [
    `--github-app-id=${sandbox.tokens.app.id}`,
    `--github-app-private-key-path=${file('app.pem', sandbox.tokens.app.privateKey)}`,
    `--hmac-secret-file=${file('hmac', 'a secret of tests')}`,
  ];
  const config = () => `--config-path=${file('config.yaml', 'plugins: { acme: [hold, trigger] }\n')}`;

  it('finds a healthy installation healthy', async () => {
    await sandbox.ask('alice', 'POST', '/repos/acme/widgets/issues/42/comments', { body: 'hello' });
    await sandbox.idle();
    const { code, text } = await examined(...asApp(), config(), '--json');
    const findings = JSON.parse(text) as Finding[];
    expect(findings.filter(({ level }) => level === 'failure')).toEqual([]);
    expect(told(findings)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('ok: GitHub App Cutwater (cutwater)'),
        'ok: the newest delivery is signed with it',
        'ok: 1 served',
        'ok: acme: REST 5000 of 5000, GraphQL 5000 of 5000',
      ]),
    );
    for (const { level, fix } of findings) if (level === 'warning') expect(fix).toBeTruthy();
    expect(code).toBe(0);
  });

  it('names every fault of a broken one, with its mending', async () => {
    const [installation] = sandbox.world.installations.all();
    if (!installation) throw new Error('not installed');
    sandbox.world.installations.put({ ...installation, permissions: { metadata: 'read' }, events: ['push'] });
    const wrong = `--config-path=${file('wrong.yaml', 'plugins: 5\n')}`;
    const { code, text } = await examined(...asApp(), wrong, `--slack-token-file=${path.join(folder, 'gone')}`);
    expect(code).toBe(1);
    expect(text).toContain('wrong.yaml');
    expect(text).toMatch(/FAILURE {2}permissions +acme lacks actions: write \(has none\), checks: write/);
    expect(text).toMatch(/→ an owner of acme accepts the new permissions/);
    expect(text).toMatch(/FAILURE {2}slack/);
    expect(text).toMatch(/\d+ failures, \d+ warnings?\.\n$/);
    sandbox.world.installations.put(installation);
  });

  it('says how to begin where there is nothing yet', async () => {
    const { code, text } = await examined();
    expect(code).toBe(1);
    expect(text).toContain('"npm start -- --github" makes an App');
    expect(text).toMatch(/– +permissions +GitHub has to know us first/);
  });

  it('tells a key that is not the App’s', async () => {
    const key = `--github-app-private-key-path=${file('other.pem', 'no key')}`;
    const { code, text } = await examined(...asApp(), key, config());
    expect(code).toBe(1);
    expect(text).toMatch(/FAILURE {2}identity/);
    expect(text).toContain('check --github-app-id and its private key');
  });

  it('looks at a bot account, too', async () => {
    const token = sandbox.tokens.people.cutwater ?? '';
    const { code, text } = await examined(
      `--github-token-path=${file('token', token)}`,
      `--hmac-secret-file=${file('hmac', 'x')}`,
      config(),
    );
    expect(text).toContain('bot account cutwater');
    expect(code).toBe(0);
  });

  it('asks Slack what the token may do', async () => {
    const slack = createServer((_request, response) => {
      response.setHeader('x-oauth-scopes', 'chat:write').end('{"ok":true,"user":"bot","team":"Acme"}');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => slack.once('listening', resolve));
    const address = slack.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const flags = [`--slack-token-file=${file('slack', 'xoxb-1')}`, `--slack-api-url=http://127.0.0.1:${port}/api`];
    const { text } = await examined(...asApp(), config(), ...flags);
    expect(text).toContain('bot in Acme lacks chat:write.customize, chat:write.public');
    slack.closeAllConnections();
    await new Promise((resolve) => slack.close(resolve));
  });
});

it('shows findings as a table that fits a terminal', () => {
  const text = showFindings([
    { check: 'clock', level: 'ok', message: 'fine' },
    { check: 'webhook', level: 'failure', message: `it ${'is long '.repeat(20)}`, fix: 'mend it' },
  ]);
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(125);
  expect(text).toMatch(/^ok {7}clock {4}fine\nFAILURE {2}webhook {2}it is long/);
  expect(text).toMatch(/\n {18}→ mend it\n\n1 failure\.\n$/);
});
