import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { gitPort } from '../../core/git/port.ts';
import { createHook } from '../../core/hook/hook.ts';
import { type Listeners, openListeners } from '../../core/hook/listeners.ts';
import type { Route } from '../../core/hook/router.ts';
import type { Logger } from '../../core/log.ts';
import { createMetrics } from '../../core/metrics.ts';
import { ownersPort } from '../../core/owners/port.ts';
import { corePorts } from '../../core/ports/index.ts';
import { fixedSecret, secretFile } from '../../core/secrets/secret.ts';
import { createLogPages } from '../../deck/logs/server/index.ts';
import { jobsPort } from '../../jobs/port/port.ts';
import { openNeedsRebase } from '../components/needs-rebase.ts';
import { openEvents } from './events.ts';
import type { StartFlags } from './flags.ts';
import { openGitHub } from './github.ts';
import { helpRoutes } from './help.ts';
import { openInRepoJobs } from './in-repo.ts';
import { openJobs } from './jobs.ts';
import { logSource } from './log-source.ts';
import { openMirrors } from './mirrors.ts';
import { pageRoutes } from './pages.ts';
import { openConfig } from './settings.ts';

const PORT = 8888;

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
}

/** Everything in one process, as the flags say. */
export async function startProgram(flags: StartFlags, log: Logger, place: Place = {}): Promise<Program> {
  const parts = await openParts(flags, log, () => flags['public-url'] ?? listeners.url);
  const listeners = await serve(parts, flags, place);
  const { jobs, events, needsRebase } = parts;
  jobs.start();
  events.start();
  needsRebase.start();
  parts.ready = true;
  log.info({ url: listeners.url }, 'Cutwater is ready');
  return {
    url: listeners.url,
    async stop() {
      parts.ready = false;
      const grace = flags['grace-period'];
      await listeners.close(grace);
      await events.close(grace);
      await needsRebase.stop(grace);
      await jobs.stop(grace);
      await parts.mirrors.close();
      parts.github.close();
      parts.agent.close();
      parts.hmac.close();
    },
  };
}

type Parts = Awaited<ReturnType<typeof openParts>>;

/** What works behind the listeners. `url` is where people reach this program, once it listens. */
async function openParts(flags: StartFlags, log: Logger, url: () => string) {
  const dataDir = path.resolve(flags['data-dir'] ?? '.cutwater');
  mkdirSync(dataDir, { recursive: true });
  const registry = createMetrics();
  const agent = openConfig(flags, log, path.join(dataDir, 'config-cache'));
  const config = () => agent.current;
  const github = openGitHub(flags, dataDir, log, registry);
  const mirrors = openMirrors(flags['github-host'], dataDir, github, log);
  const jobs = await openJobs({ flags, dataDir, config, github, url, log, registry });
  const needsRebase = openNeedsRebase({ config, github, updatePeriodMs: flags['needs-rebase-update-period'], log });
  const ports = {
    ...corePorts,
    owners: ownersPort({ config, log }),
    git: gitPort(mirrors),
    jobs: jobsPort({ config, store: jobs.store, inRepo: openInRepoJobs({ flags, config, mirrors, registry }), log }),
    mergeability: needsRebase.port,
  };
  const retentionMs = flags['inbox-retention'];
  const databaseUrl = flags['database-url'];
  const events = await openEvents({ dataDir, databaseUrl, config, ports, github, retentionMs, log, registry });
  const hmacFile = flags['hmac-secret-file'];
  const hmac = hmacFile ? secretFile(hmacFile, log) : fixedSecret(process.env.WEBHOOK_SECRET ?? '');
  return { registry, agent, config, github, jobs, events, needsRebase, mirrors, hmac, log, ready: false };
}

async function serve(parts: Parts, flags: StartFlags, { host, anyPort = false }: Place): Promise<Listeners> {
  const { jobs, events, hmac, registry, log } = parts;
  const logs = await createLogPages({ source: logSource(jobs.store, jobs.pods) });
  const routes: Route[] = [
    ...createHook({ hmac, accept: events.accept, registry, log, webhookPath: flags['webhook-path'] }),
    ...helpRoutes(parts),
    ...pageRoutes(logs),
  ];
  const open = (port: number) =>
    openListeners({
      routes: [...routes],
      registry,
      ready: () => parts.ready,
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
