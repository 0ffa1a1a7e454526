import path from 'node:path';
import { type Listeners, openListeners } from '../../core/hook/listeners.ts';
import type { Route } from '../../core/hook/router.ts';
import type { Logger } from '../../core/log.ts';
import { createMetrics } from '../../core/metrics.ts';
import { createLogPages } from '../../deck/logs/server/index.ts';
import { reconcilingIn, runStatusReconciler } from '../components/status-reconciler.ts';
import type { AppCredentials } from '../github-app/app.ts';
import { registerConfigMetrics } from './config-metrics.ts';
import { openDataDir } from './data-dir.ts';
import { drainJobs } from './drain.ts';
import { PORT } from './first-run.ts';
import type { StartFlags } from './flags.ts';
import { openGitHub } from './github.ts';
import { openHook } from './hook.ts';
import { openJobs } from './jobs.ts';
import { logSource } from './log-source.ts';
import { pageRoutes } from './pages.ts';
import { openConfig, refusedConfig } from './settings.ts';
import { channelFor, startTunnel } from './tunnel.ts';

export interface Program {
  url: string;
  /** Takes nothing new, finishes what is under way within the grace period, and closes what is open. */
  stop(): Promise<void>;
}

/** What the sandbox adds to the flags. */
export interface Place {
  /** The address to listen on; every one unless given. */
  host?: string;
  /** Where the usual port is taken, any free one will do. */
  anyPort?: boolean;
  /** Jobs end with the program. Elsewhere local pods go on, and the next start takes them up. */
  drain?: boolean;
  /** The App that the set-up made. */
  app?: AppCredentials | undefined;
}

/** Everything in one process, as the flags say. */
export async function startProgram(flags: StartFlags, log: Logger, place: Place = {}): Promise<Program> {
  const parts = await openParts(flags, log, () => flags['public-url'] ?? listeners.url, place.app);
  const listeners = await serve(parts, flags, place);
  const { jobs, hook } = parts;
  const reconciling = reconcilingIn(parts.dataDir);
  jobs.start(() => runStatusReconciler({ ...parts, jobs: hook.jobs, dryRun: flags['dry-run'], reconciling }));
  hook.start();
  const tunnel = startTunnel(parts.channel, `${listeners.url}${flags['webhook-path'] ?? '/hook'}`, log);
  parts.ready = true;
  log.info({ url: listeners.url }, 'Cutwater is ready');
  void askWhoWeAre(parts);
  return {
    url: listeners.url,
    async stop() {
      parts.ready = false;
      const end = Date.now() + flags['grace-period'];
      const left = () => Math.max(0, end - Date.now());
      await tunnel?.close();
      await listeners.close(left());
      await hook.stop(left());
      if (place.drain) await drainJobs({ store: jobs.store, graceMs: left(), log });
      await jobs.stop(left());
      parts.github.close();
      parts.agent.close();
    },
  };
}

/** A wrong token or key is told at once, not with the first webhook. GitHub may be down meanwhile: that ends nothing. */
async function askWhoWeAre({ github, log }: Pick<Parts, 'github' | 'log'>): Promise<void> {
  await github
    .botLogin()
    .catch((err: unknown) =>
      log.error({ err }, 'GitHub does not say who we are; check its address and the credentials'),
    );
}

type Parts = Awaited<ReturnType<typeof openParts>>;

/** What works behind the listeners. `url` is where people reach this program, once it listens. */
async function openParts(flags: StartFlags, log: Logger, url: () => string, app?: AppCredentials) {
  const dataDir = openDataDir(flags['data-dir']);
  const channel = (await channelFor(flags['webhook-proxy-url'], dataDir)) ?? app?.webhookProxy;
  const registry = createMetrics();
  const agent = openConfig(flags, log, path.join(dataDir, 'config-cache'));
  registerConfigMetrics(registry, agent);
  const config = () => agent.current;
  const github = openGitHub(flags, dataDir, log, registry, app);
  const jobs = await openJobs({ flags, dataDir, config, github, url, log, registry });
  const hook = await openHook({
    flags,
    dataDir,
    config,
    store: jobs.store,
    github,
    app,
    clusters: jobs.clusters,
    log,
    registry,
  });
  return { registry, agent, config, dataDir, github, jobs, hook, channel, log, ready: false };
}

async function serve(parts: Parts, flags: StartFlags, { host, anyPort = false }: Place): Promise<Listeners> {
  const { jobs, hook, registry, log } = parts;
  const logs = await createLogPages({ source: logSource(jobs.store, jobs.pods, jobs.results) });
  const routes: Route[] = [...hook.routes, ...pageRoutes(logs)];
  const open = (port: number) =>
    openListeners({
      routes: [...routes],
      registry,
      ready: () => parts.ready && hook.isAlive(),
      problem: () => refusedConfig(parts.agent),
      log,
      port,
      host,
      metricsPort: flags['metrics-port'],
      healthPort: flags['health-port'],
      pprofPort: flags['pprof-port'],
    });
  const usual = flags.port ?? PORT;
  return anyPort ? open(usual).catch(() => open(0)) : open(usual);
}
