import { join } from 'node:path';
import type { Probot } from 'probot';
import { CutwaterError } from '../errors.ts';
import { censor, type Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { type Send, toApiRequest } from './api-request.ts';
import { type Budgets, createBudgets } from './budget.ts';
import { type BudgetReport, budgetReport, registerBudgetMetrics } from './budget-report.ts';
import { withCache } from './cache.ts';
import { NO_CACHE_FILE, openCacheFile } from './cache-file.ts';
import { dryRun } from './dry-run.ts';
import { type Endpoints, graphqlBeside, PUBLIC_API, sender } from './endpoints.ts';
import { toGraphqlError } from './errors.ts';
import type { BudgetOptions } from './gates.ts';
import { createInstallations, type Installation, type Installations } from './installations.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { accountOctokit, createProbot, type GitHubAuth, type Octokit } from './octokit.ts';
import { createPeopleMemory } from './people-memory.ts';
import { createRequestMetrics, hashOf, measured, type RequestMetrics } from './request-metrics.ts';
import { withRetry } from './retry.ts';
import type { RetryOptions } from './retry-rules.ts';

export interface GitHubOptions {
  auth: GitHubAuth;
  /** Prow's --github-endpoint, in order of preference; GitHub's own unless given. */
  endpoints?: readonly string[] | undefined;
  /** Prow's --github-graphql-endpoint; unless given, what belongs to the first endpoint. */
  graphqlEndpoint?: string | undefined;
  /** Writes are logged and not sent. */
  dryRun?: boolean | undefined;
  /** Prow's --github-client.request-timeout in milliseconds (30,000: GitHub itself gives up after ten seconds). */
  requestTimeoutMs?: number | undefined;
  retry?: Partial<Omit<RetryOptions, 'endpoints'>> | undefined;
  budget?: Partial<BudgetOptions> | undefined;
  /** Prow's --github-throttle-org. */
  orgBudgets?: readonly { org: string; hourlyTokens: number; burst: number }[] | undefined;
  /** Where answers are kept to be asked about again; nowhere unless given. */
  dataDir?: string | undefined;
  log: Logger;
  registry: Metrics;
}

/** What git needs to read and write an organisation's repositories. */
interface GitCredentials {
  username: string;
  password: string;
}

/** GitHub, as the App or account that Cutwater is. Errors are CutwaterErrors. */
export interface GitHub {
  /** For Probot apps; another one after the App's key has changed. */
  probot(): Probot;
  /** Octokit for an organisation or user: the App's installation there, or the one account. Ask each time, it is cached. */
  forOrg(org: string): Promise<Octokit>;
  forInstallation(id: number): Promise<Octokit>;
  /** As the App itself, which may look at installations and deliveries only; with a token the same as any. */
  asApp(): Promise<Octokit>;
  graphql<T>(org: string, query: string, variables?: Record<string, unknown>): Promise<T>;
  /** The login that comments are made under, such as `cutwater[bot]`. */
  botLogin(): Promise<string>;
  gitCredentials(org: string): Promise<GitCredentials>;
  /** Where the App is installed; `undefined` with a token. */
  installations: Installations | undefined;
  /** What is left of the budget, and who spends it. */
  budget(): BudgetReport;
  /** Asks GitHub anew who belongs to what, as after a webhook about members or teams. */
  forgetPeople(): void;
  /** Gives up what waits for GitHub. */
  close(): void;
}

const RETRY: Omit<RetryOptions, 'endpoints'> = {
  maxRetries: 8,
  max404Retries: 2,
  initialDelayMs: 500,
  maxWaitMs: 120_000,
};

function endpointsOf({ endpoints = [], graphqlEndpoint }: GitHubOptions): Endpoints {
  const trimmed = endpoints.map((endpoint) => (endpoint || PUBLIC_API).replace(/\/+$/, ''));
  const [first = PUBLIC_API, ...others] = trimmed;
  return { rest: [first, ...others], graphql: graphqlEndpoint || graphqlBeside(first) };
}

function budgetOf({ budget }: GitHubOptions, { rest }: Endpoints): BudgetOptions {
  const publicLimits = rest.some((base) => /^https:\/\/api\.(github\.com|[\w-]+\.ghe\.com)$/.test(base));
  return { hourlyTokens: 0, burst: 0, concurrency: 80, publicLimits, ...budget };
}

/** Opens the way to GitHub; nothing is asked yet. */
export function createGitHub(options: GitHubOptions): GitHub {
  const { auth, log } = options;
  const endpoints = endpointsOf(options);
  const ended = new AbortController();
  const metrics = createRequestMetrics(options.registry);
  const budgets = createBudgets(budgetOf(options, endpoints));
  const file = options.dataDir
    ? openCacheFile(join(options.dataDir, 'github-cache.db'), 256 * 1024 * 1024, log)
    : NO_CACHE_FILE;
  const ledger = createLedger();
  const people = createPeopleMemory(metrics);
  const sent = measured(sender(endpoints, options.requestTimeoutMs ?? 30_000), metrics);
  const throttled = limited(sent, budgets, ledger, metrics);
  const retried = withRetry(throttled, { ...RETRY, ...options.retry, endpoints: endpoints.rest.length }, budgets, log);
  const cached = people.wrap(withCache(retried, file, metrics));
  const send = authorized(options.dryRun ? dryRun(cached, log) : cached, auth);
  const fetch = (async (url: string, init: RequestInit) =>
    withUrl(await send(toApiRequest(url, init, ended.signal)), url)) as typeof globalThis.fetch;
  const heard = orgLimiter(options, budgets);
  const access = createAccess(() => createProbot(auth, endpoints.rest[0], fetch, log), auth, heard);
  const report = () => budgetReport(budgets, ledger, access.installations?.names() ?? new Map());
  registerBudgetMetrics(options.registry, report);
  return {
    ...access,
    budget: report,
    forgetPeople: people.forget,
    close() {
      ended.abort();
      file.close();
    },
  };
}

/** Octokit's pagination reads the address from the answer, which a Response that we made does not have. */
function withUrl(response: Response, url: string): Response {
  return Object.defineProperty(response, 'url', { value: url });
}

/** With a token, every request carries the one that is in force now. */
function authorized(send: Send, auth: GitHubAuth): Send {
  if (!('token' in auth)) return send;
  return (request) => {
    const { authorization: _, ...headers } = request.headers;
    const token = auth.token.current();
    return send({ ...request, headers: token ? { ...headers, authorization: `token ${token}` } : headers });
  };
}

/** Sends when the account's turn has come. */
function limited(send: Send, budgets: Budgets, ledger: Ledger, metrics: RequestMetrics): Send {
  return (request) => {
    const asked = performance.now();
    const budget = budgets.of(request.account);
    return budget.run(request, async () => {
      const labels = {
        token_hash: hashOf(request.account),
        request_type: request.method,
        api: request.url.endsWith('/graphql') ? 'v4' : 'v3',
      };
      metrics.waiting.observe(labels, (performance.now() - asked) / 1000);
      const response = await send(request);
      ledger.record(request, response.status === 304);
      return response;
    });
  };
}

/** Gives organisations limits of their own, whenever GitHub says which installations they are; one may come later. */
function orgLimiter(
  { orgBudgets = [] }: GitHubOptions,
  budgets: Budgets,
): (installed: readonly Installation[]) => void {
  const limited = new Set<number>();
  return (installed) => {
    for (const { id, account } of installed) {
      const own = orgBudgets.find(({ org }) => org.toLowerCase() === account.toLowerCase());
      if (!own || limited.has(id)) continue;
      limited.add(id);
      budgets.limit(`installation/${id}`, own.hourlyTokens, own.burst);
    }
  };
}

/** The Octokits of each account, made anew when the App's key changes. */
function createAccess(
  make: () => Probot,
  auth: GitHubAuth,
  heard: (installed: readonly Installation[]) => void,
): Omit<GitHub, 'close' | 'budget' | 'forgetPeople'> {
  let probot = make();
  let octokits = new Map<number | undefined, Promise<Octokit>>();
  let login: Promise<string> | undefined;
  const isApp = !('token' in auth);
  const secret = isApp ? auth.privateKey : auth.token;
  secret.onChange(() => {
    if (isApp) probot = make();
    octokits = new Map();
    login = undefined;
  });

  function octokit(id: number | undefined): Promise<Octokit> {
    const found = octokits.get(id) ?? accountOctokit(probot, id);
    octokits.set(id, found);
    return found;
  }

  const asApp = (): Promise<Octokit> => octokit(undefined);
  const forInstallation = (id: number): Promise<Octokit> => octokit(isApp ? id : undefined);
  const installations = isApp ? createInstallations(asApp, heard) : undefined;
  const forOrg = async (org: string): Promise<Octokit> => forInstallation((await installations?.of(org)) ?? 0);

  async function askLogin(): Promise<string> {
    const app = await asApp();
    if (!isApp) return (await app.request('GET /user')).data.login;
    const { data } = await app.request('GET /app');
    if (!data?.slug) throw new CutwaterError('invalid', 'GitHub does not say the name of the App');
    return `${data.slug}[bot]`;
  }

  function botLogin(): Promise<string> {
    const asking = login ?? askLogin();
    login = asking;
    asking.catch(() => {
      if (login === asking) login = undefined;
    });
    return asking;
  }

  return {
    probot: () => probot,
    forOrg,
    forInstallation,
    asApp,
    botLogin,
    installations,
    async graphql<T>(org: string, query: string, variables: Record<string, unknown> = {}): Promise<T> {
      const client = await forOrg(org);
      try {
        return await client.graphql<T>(query, variables);
      } catch (error) {
        throw toGraphqlError(error);
      }
    },
    async gitCredentials(org) {
      // Without a token git reads as anybody may, as requests do.
      if (!isApp) return { username: secret.current() && (await botLogin()), password: secret.current() };
      const client = await forOrg(org);
      const { token } = (await client.auth({ type: 'installation' })) as { token: string };
      censor(token);
      return { username: 'x-access-token', password: token };
    },
  };
}
