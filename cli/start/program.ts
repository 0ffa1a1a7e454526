import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createHook } from '../../core/hook/hook.ts';
import { rootRoutes } from '../../core/hook/instrumentation.ts';
import { openListeners } from '../../core/hook/listeners.ts';
import type { Route } from '../../core/hook/router.ts';
import type { Logger } from '../../core/log.ts';
import { createMetrics } from '../../core/metrics.ts';
import { ownersPort } from '../../core/owners/port.ts';
import { corePorts } from '../../core/ports/index.ts';
import { fixedSecret, secretFile } from '../../core/secrets/secret.ts';
import { openEvents } from './events.ts';
import type { StartFlags } from './flags.ts';
import { openGitHub } from './github.ts';
import { helpRoutes } from './help.ts';
import { openConfig } from './settings.ts';

const PORT = 8888;

export interface Program {
  url: string;
  /** Takes nothing new, finishes what is under way within the grace period, and closes what is open. */
  stop(): Promise<void>;
}

/** Everything in one process, as the flags say. */
export async function startProgram(flags: StartFlags, log: Logger): Promise<Program> {
  const dataDir = path.resolve(flags['data-dir'] ?? '.cutwater');
  mkdirSync(dataDir, { recursive: true });
  const registry = createMetrics();
  const agent = openConfig(flags, log, path.join(dataDir, 'config-cache'));
  const config = () => agent.current;
  const github = openGitHub(flags, dataDir, log, registry);
  const ports = { ...corePorts, owners: ownersPort({ config, log }) };
  const events = await openEvents({
    dataDir,
    config,
    ports,
    github,
    retentionMs: flags['inbox-retention'],
    log,
    registry,
  });
  const hmac = flags['hmac-secret-file']
    ? secretFile(flags['hmac-secret-file'], log)
    : fixedSecret(process.env.WEBHOOK_SECRET ?? '');
  const routes: Route[] = [
    ...createHook({ hmac, accept: events.accept, registry, log, webhookPath: flags['webhook-path'] }),
    ...helpRoutes({ config, github }),
    ...rootRoutes(),
  ];
  let ready = false;
  const listeners = await openListeners({
    routes,
    registry,
    ready: () => ready,
    log,
    port: flags.port ?? PORT,
    metricsPort: flags['metrics-port'],
    healthPort: flags['health-port'],
    pprofPort: flags['pprof-port'],
  });
  events.start();
  ready = true;
  log.info({ url: listeners.url }, 'Cutwater is ready');
  return {
    url: listeners.url,
    async stop() {
      ready = false;
      const grace = flags['grace-period'];
      await listeners.close(grace);
      await events.close(grace);
      github.close();
      agent.close();
      hmac.close();
    },
  };
}
