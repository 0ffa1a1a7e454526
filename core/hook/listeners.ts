import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { healthRoutes, metricsRoutes } from './instrumentation.ts';
import { pprofRoutes } from './pprof.ts';
import type { Route } from './router.ts';
import { type HttpServer, listen } from './server.ts';

export interface ListenersOptions {
  /** What other components mount; the array may grow while the listeners run. */
  routes: Route[];
  registry: Metrics;
  ready: () => boolean;
  /** What `/healthz` tells of beside its OK, such as a configuration that was refused. */
  problem?: (() => string | undefined) | undefined;
  log: Logger;
  /** The main port; 0 takes a free one. It serves health and metrics too. */
  port: number;
  /** The address to listen on; every one unless given. */
  host?: string | undefined;
  /** Prow's --metrics-port, --health-port and --pprof-port: further listeners where they are given. */
  metricsPort?: number | undefined;
  healthPort?: number | undefined;
  pprofPort?: number | undefined;
}

export interface Listeners {
  /** The main listener's address, such as `http://127.0.0.1:8888`. */
  url: string;
  port: number;
  close(graceMs: number): Promise<void>;
}

/** Opens the main listener, and the instrumentation's own where asked for. */
export async function openListeners(options: ListenersOptions): Promise<Listeners> {
  const { routes, registry, ready, problem, log, host } = options;
  const health = healthRoutes(ready, problem);
  const metrics = metricsRoutes(registry);
  routes.push(...health, ...metrics);
  const wanted: [number | undefined, Route[]][] = [
    [options.port, routes],
    [options.metricsPort, metrics],
    [options.healthPort, health],
    [options.pprofPort, pprofRoutes()],
  ];
  const servers: HttpServer[] = [];
  const close = async (graceMs: number): Promise<void> => {
    await Promise.all(servers.map((server) => server.close(graceMs)));
  };
  for (const [port, mounted] of wanted) {
    if (port === undefined) continue;
    try {
      servers.push(await listen({ routes: mounted, log }, port, host));
    } catch (error) {
      await close(0);
      throw error;
    }
  }
  const [main] = servers as [HttpServer, ...HttpServer[]];
  return { url: main.url, port: main.port, close };
}
