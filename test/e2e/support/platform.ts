import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { sections } from '../../../cli/sections.ts';
import type { Config } from '../../../core/config/config.ts';
import { loadConfig } from '../../../core/config/load.ts';
import { createDispatcher } from '../../../core/dispatch/dispatcher.ts';
import { createPluginMetrics } from '../../../core/dispatch/metrics.ts';
import type { Mirrors } from '../../../core/git/mirror.ts';
import { createMirrors } from '../../../core/git/mirrors.ts';
import { gitPort } from '../../../core/git/port.ts';
import { createGitHub, type GitHub } from '../../../core/github/github.ts';
import { currentSpender } from '../../../core/github/spender.ts';
import { createMetrics } from '../../../core/metrics.ts';
import { ownersPort } from '../../../core/owners/port.ts';
import { whereEnabled } from '../../../core/plugin/enablement.ts';
import { configMapsPort } from '../../../core/ports/config-maps.ts';
import { corePorts, type Port, port, read } from '../../../core/ports/index.ts';
import { slackPort } from '../../../core/ports/slack.ts';
import { fixedSecret } from '../../../core/secrets/secret.ts';
import { bugzillaPort } from '../../../core/trackers/bugzilla-port.ts';
import { jiraPort } from '../../../core/trackers/jira.ts';
import { jobsPort } from '../../../jobs/port/port.ts';
import { EmbeddedStore } from '../../../jobs/store/embedded.ts';
import { plugins } from '../../../plugins/index.ts';
import { type Received, startTestSandbox, type TestSandbox } from '../../../sandbox/testing.ts';
import type { Services } from './services.ts';

/** One request as a plugin made it, before any cache. */
export interface Asked {
  plugin: string;
  method: string;
  /** With the query; for GraphQL the query's text and variables. */
  what: string;
}

/** The plugins over the real ports and the sandbox's GitHub, in this process and without an inbox, so that a test can hand out each event itself. */
export interface Platform {
  sandbox: TestSandbox;
  store: EmbeddedStore;
  asked: Asked[];
  /** The webhooks that `act` causes. */
  webhooksOf(act: () => unknown): Promise<Received[]>;
  /** Runs the plugins once; a second call with the same `delivery` is a second attempt. Throws what may heal. */
  /** `done`: plugins that have had their turn. */
  dispatch(delivery: string, webhook: Pick<Received, 'event' | 'payload'>, done?: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export interface PlatformOptions {
  config: string;
  /** Plugins that are on everywhere, whatever the configuration says: those that exclude each other as well. */
  on?: readonly string[];
  /** Stand-ins for what is not GitHub; nothing is there unless given. */
  services?: Services;
  /** How long the client waits for an answer. */
  requestTimeoutMs?: number;
  /** Hears of every request that arrives at GitHub, just before it is answered. */
  onRequest?(method: string, path: string): void;
}

export async function openPlatform(options: PlatformOptions): Promise<Platform> {
  const { config: text, onRequest, on, services, requestTimeoutMs } = options;
  const folder = mkdtempSync(path.join(tmpdir(), 'cutwater-platform-'));
  const config = configFrom(folder, text);
  const { sandbox, stop } = await startTestSandbox({ onRequest: (method, route) => onRequest?.(method, route) });
  // A long table makes more requests than an hour of GitHub's has, and the client would wait for the next one.
  for (const resource of ['core', 'search', 'graphql'] as const) sandbox.limits.set(resource, 1_000_000);
  const github = githubOf(sandbox, requestTimeoutMs);
  const credentials = { username: 'x-access-token', password: sandbox.tokens.people.cutwater ?? '' };
  const mirrors = createMirrors({
    folder: path.join(folder, 'mirrors'),
    remote: async (org, repo) => ({ url: `${sandbox.gitUrl}/${org}/${repo}.git`, credentials }),
    log,
  });
  const store = new EmbeddedStore({ path: ':memory:' });
  const asked: Asked[] = [];
  const dispatch = createDispatcher({
    pluginsFor: on ? () => plugins.filter(({ name }) => on.includes(name)) : whereEnabled(plugins),
    config: () => config,
    ports: portsOver(config, mirrors, store, services),
    github: { botLogin: github.botLogin, forOrg: noting(github.forOrg, asked) },
    inbox: { done: async () => {}, journal: journalInMemory() },
    metrics: createPluginMetrics(createMetrics()),
    log,
    signal: new AbortController().signal,
    // The first failure is handed on: the test decides about the next attempt.
    patienceMs: -1,
  });
  return {
    sandbox,
    store,
    asked,
    async webhooksOf(act) {
      await sandbox.idle();
      const before = sandbox.received.length;
      await act();
      await sandbox.idle();
      return sandbox.received.slice(before);
    },
    dispatch: (delivery, { event, payload }, done = []) =>
      dispatch({ delivery, event, body: payload, done: new Set(done) }),
    async close() {
      github.close();
      await mirrors.close();
      store.close();
      await stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const log = pino({ level: 'silent' });

function configFrom(folder: string, text: string): Config {
  const configPath = path.join(folder, 'config.yaml');
  writeFileSync(configPath, text);
  return loadConfig({
    configPath,
    supplementalConfigDirs: [],
    supplementalConfigSuffix: '',
    supplementalPluginDirs: [],
    supplementalPluginSuffix: '',
    sections,
  });
}

/** Without retries below the dispatcher, so that every failure reaches it. */
export function githubOf(sandbox: TestSandbox, requestTimeoutMs?: number): GitHub {
  const { id, privateKey } = sandbox.tokens.app;
  return createGitHub({
    auth: { appId: String(id), privateKey: fixedSecret(privateKey) },
    endpoints: [sandbox.apiUrl],
    graphqlEndpoint: sandbox.graphqlUrl,
    retry: { maxRetries: 0, max404Retries: 0 },
    requestTimeoutMs,
    log,
    registry: createMetrics(),
  });
}

function portsOver(
  config: Config,
  mirrors: Mirrors,
  store: EmbeddedStore,
  services?: Services,
): Readonly<Record<string, Port>> {
  const noMaps = { defaultNamespace: () => 'default', get: async () => undefined, put: async () => {} };
  return {
    ...corePorts,
    owners: ownersPort({ config: () => config, log }),
    git: gitPort(mirrors),
    jobs: jobsPort({ config: () => config, store, log }),
    mergeability: port('mergeability', {}, { checkSoon: read(async () => {}) }),
    slack: slackPort(services?.slack ?? { write: async () => {} }),
    jira: jiraPort(services?.jira),
    bugzilla: bugzillaPort(services?.bugzilla),
    configMaps: configMapsPort(services?.configMaps ?? noMaps),
  };
}

/** The same clients, with each request noted on its plugin's account. */
function noting(forOrg: GitHub['forOrg'], asked: Asked[]): GitHub['forOrg'] {
  const known = new WeakSet<object>();
  return async (org) => {
    const octokit = await forOrg(org);
    if (known.has(octokit)) return octokit;
    known.add(octokit);
    octokit.hook.before('request', (parameters) => {
      const { method, url, body } = octokit.request.endpoint(parameters);
      const accept = String(parameters.headers.accept ?? '');
      const what = [url, accept, body ? JSON.stringify(body) : ''].filter(Boolean).join(' ');
      asked.push({ plugin: currentSpender().plugin, method, what });
    });
    return octokit;
  };
}

function journalInMemory() {
  const journal = new Map<string, object[]>();
  return {
    load: async (delivery: string, plugin: string) => journal.get(`${delivery} ${plugin}`) ?? [],
    async append(delivery: string, plugin: string, records: object[]): Promise<void> {
      const key = `${delivery} ${plugin}`;
      journal.set(key, [...(journal.get(key) ?? []), ...records]);
    },
  };
}
