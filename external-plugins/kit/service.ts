import { createDispatcher, type DispatcherOptions } from '../../core/dispatch/dispatcher.ts';
import { createPluginMetrics } from '../../core/dispatch/metrics.ts';
import { createHook } from '../../core/hook/hook.ts';
import type { Route } from '../../core/hook/router.ts';
import { openInbox } from '../../core/inbox/open.ts';
import type { Logger } from '../../core/log.ts';
import type { Metrics } from '../../core/metrics.ts';
import type { Plugin } from '../../core/plugin/index.ts';
import type { Secret } from '../../core/secrets/secret.ts';
import { helpRoute } from './help.ts';

export interface ServiceOptions extends Pick<DispatcherOptions, 'config' | 'ports' | 'github'> {
  plugin: Plugin;
  /** The text of --hmac-secret-file. */
  hmac: Secret;
  /** Where the service keeps its inbox; nobody else's. */
  dataDir: string;
  log: Logger;
  registry: Metrics;
}

/** One plugin behind its own routes. */
export interface PluginService {
  routes: readonly Route[];
  start(): void;
  /** False once deliveries can no longer be kept. */
  isAlive(): boolean;
  /** Begins nothing new and waits for what is under way, for so many milliseconds at most; the rest is done after the next start. */
  close(graceMs: number): Promise<void>;
}

/**
 * Serves a plugin as hook serves those inside: the same declaration, the same inbox, the same journal. Which repositories it is for is hook's to say:
 * every signed event that arrives is the plugin's (Prow: cmd/external-plugins).
 */
export async function openPluginService(options: ServiceOptions): Promise<PluginService> {
  const { plugin, config, ports, github, hmac, dataDir, log, registry } = options;
  const stopping = new AbortController();
  const inbox = await openInbox({ dataDir, registry, log, handle: (entry) => dispatch(entry) });
  const dispatch = createDispatcher({
    pluginsFor: () => [plugin],
    config,
    ports,
    github,
    inbox,
    metrics: createPluginMetrics(registry),
    log,
    signal: stopping.signal,
  });
  return {
    routes: [
      helpRoute(plugin, config),
      // Hook keeps what is answered 503, and sends it again.
      ...createHook({ hmac, accept: inbox.accept, registry, log, webhookPath: '/', failedStatus: 503 }),
    ],
    start: inbox.start,
    isAlive: inbox.isAlive,
    async close(graceMs) {
      stopping.abort();
      await inbox.close(graceMs);
      hmac.close();
    },
  };
}
