import type { ServerResponse } from 'node:http';
import { Gauge } from 'prom-client';
import type { Config } from '../../core/config/config.ts';
import type { GitHub } from '../../core/github/github.ts';
import { asSpender } from '../../core/github/spender.ts';
import type { Route } from '../../core/hook/router.ts';
import type { Logger } from '../../core/log.ts';
import type { Metrics } from '../../core/metrics.ts';
import { type Coverage, coverage, type InstalledAccount } from './compare.ts';
import { installedAccounts } from './installed.ts';
import { configuredPlaces } from './places.ts';

const EVERY_MS = 3_600_000;
/** Several webhooks tell of one installation. */
const SETTLE_MS = 2000;
/** More names than these make no log line better. */
const NAMED = 20;

export interface CoverageOptions {
  config(): Pick<Config, 'get'>;
  github: Pick<GitHub, 'installations' | 'forInstallation'>;
  log: Logger;
  registry: Metrics;
}

/** Keeps an eye on what is configured and not installed, or the other way round: in the log, in the metrics and at `/installations`. */
export interface CoverageWatch {
  routes: Route[];
  start(): void;
  /** The App was installed, or given other repositories. */
  changed(): void;
  stop(): void;
}

export function watchCoverage({ config, github, log, registry }: CoverageOptions): CoverageWatch {
  let installed: InstalledAccount[] | undefined;
  let told = '';
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const compare = (): Coverage | undefined => installed && coverage(configuredPlaces(config()), installed);
  registerMetrics(registry, compare);

  function tell(): void {
    const now = compare();
    const text = JSON.stringify(now);
    if (!now || text === told) return;
    told = text;
    const { served, notInstalled, notConfigured } = now;
    log.info({ served, notInstalled: notInstalled.length, notConfigured: notConfigured.length }, 'Repositories');
    if (notInstalled.length > 0)
      log.warn({ places: shortened(notInstalled) }, 'The configuration names what the GitHub App is not installed on');
    if (notConfigured.length > 0)
      log.info(
        { repos: shortened(notConfigured) },
        'The GitHub App is installed on what the configuration does not name',
      );
  }

  async function look(): Promise<void> {
    try {
      installed = await asSpender({ plugin: 'installations', repo: '', priority: 'report' }, () =>
        installedAccounts(github),
      );
      tell();
    } catch (err) {
      log.warn({ err }, 'GitHub does not say where the App is installed');
    }
  }

  function plan(ms: number): void {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(() => void look().finally(() => plan(EVERY_MS)), ms).unref();
  }

  return {
    routes: [
      { method: 'GET', path: '/installations', handle: (_request, response) => answer(response, installed, compare()) },
    ],
    start() {
      if (github.installations) plan(0);
    },
    changed() {
      github.installations?.refresh();
      if (github.installations) plan(SETTLE_MS);
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

function shortened(names: readonly string[]): string[] {
  return names.length > NAMED ? [...names.slice(0, NAMED), `and ${names.length - NAMED} more`] : [...names];
}

/** Repositories that nobody configured may be private: their number is told, not their names. */
function answer(
  response: ServerResponse,
  installed: readonly InstalledAccount[] | undefined,
  now: Coverage | undefined,
): void {
  const accounts = installed?.map(({ account, suspended, repos }) => ({
    account,
    suspended,
    repositories: repos.length,
  }));
  const body = now && {
    installations: accounts,
    served: now.served,
    notInstalled: now.notInstalled,
    notConfigured: now.notConfigured.length,
  };
  response.writeHead(body ? 200 : 404, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body ?? { message: 'GitHub was not asked yet, or the bot is no GitHub App' }));
}

function registerMetrics(registry: Metrics, compare: () => Coverage | undefined): void {
  void new Gauge({
    name: 'cutwater_repositories',
    help: 'Repositories that are served, configured without the GitHub App being installed, and installed without being configured.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const now = compare();
      if (!now) return;
      this.set({ state: 'served' }, now.served);
      this.set({ state: 'not-installed' }, now.notInstalled.length);
      this.set({ state: 'not-configured' }, now.notConfigured.length);
    },
  });
}
