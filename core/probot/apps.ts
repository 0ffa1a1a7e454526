import { Counter, Gauge } from 'prom-client';
import { type ProbotApp, probotApps, probotAppsFor } from '../config/sections/probot-apps.ts';
import { messageOf } from '../errors.ts';
import type { GitHub } from '../github/github.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Plugin } from '../plugin/index.ts';
import type { ConfigView } from '../plugin/settings.ts';
import { type MountedApp, mountApp } from './mount.ts';

export interface ProbotAppsOptions {
  github: Pick<GitHub, 'asApp'>;
  log: Logger;
  registry: Metrics;
}

/** The Probot apps of the configuration, mounted as plugins. */
export interface ProbotApps {
  /** Mounts what the configuration names. Throws `config` where an app does not load. */
  start(config: ConfigView): Promise<void>;
  /** Those that are on for a repository. After a change of the configuration that waits for what is new; what does not load is told and left out. */
  pluginsFor(config: ConfigView, org: string, repo: string): Plugin[] | Promise<Plugin[]>;
  /** All that are mounted now. */
  plugins(): Plugin[];
  close(): Promise<void>;
}

export function createProbotApps({ github, log, registry }: ProbotAppsOptions): ProbotApps {
  const mounted = new Map<string, MountedApp>();
  const { up, lost } = createAppMetrics(registry);
  let loading: Promise<void> | undefined;
  /** What is mounted, or being mounted. */
  let current: unknown;

  async function remove(name: string): Promise<void> {
    const gone = mounted.get(name);
    mounted.delete(name);
    up.remove({ app: name });
    await gone?.close();
  }

  async function mount({ app, name }: ProbotApp): Promise<void> {
    up.set({ app: name }, 0);
    const { baseUrl } = (await github.asApp()).request.endpoint.DEFAULTS;
    mounted.set(name, await mountApp({ app, name, baseUrl, log, onLost: () => lost.inc({ app: name }) }));
    up.set({ app: name }, 1);
    log.info({ 'probot-app': name, module: app }, 'Mounted a Probot app');
  }

  async function bring(config: ConfigView): Promise<void> {
    const wanted = new Map(
      Object.values(config.get(probotApps))
        .flat()
        .map((entry) => [entry.name, entry]),
    );
    for (const [name, { app }] of mounted) if (wanted.get(name)?.app !== app) await remove(name);
    const missing = [...wanted.values()].filter(({ name }) => !mounted.has(name));
    const outcomes = await Promise.allSettled(missing.map(mount));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  function change(config: ConfigView): Promise<void> {
    current = config.get(probotApps);
    const turn = Promise.resolve(loading).then(() => bring(config));
    const told = turn.catch((error: unknown) => log.error({ reason: messageOf(error) }, 'A Probot app does not load'));
    const end = told.then(() => {
      if (loading === end) loading = undefined;
    });
    loading = end;
    return turn;
  }

  return {
    start: change,
    pluginsFor(config, org, repo) {
      const apps = config.get(probotApps);
      const found = (): Plugin[] =>
        probotAppsFor(apps, org, repo).flatMap(({ name }) => mounted.get(name)?.plugin ?? []);
      if (apps !== current) void change(config).catch(() => undefined);
      return loading?.then(found) ?? found();
    },
    plugins: () => [...mounted.values()].map(({ plugin }) => plugin),
    async close() {
      await loading;
      await Promise.all([...mounted.keys()].map(remove));
    },
  };
}

function createAppMetrics(registry: Metrics) {
  const registers = [registry];
  const labelNames = ['app'];
  return {
    up: new Gauge({
      name: 'cutwater_probot_app_up',
      help: '1 for a Probot app that is mounted, 0 for one that did not load.',
      labelNames,
      registers,
    }),
    lost: new Counter({
      name: 'cutwater_probot_app_lost',
      help: "How often a Probot app's thread ended under its events.",
      labelNames,
      registers,
    }),
  };
}
