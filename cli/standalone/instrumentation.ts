import { boolFlag, durationFlag, type FlagValues } from '../../core/flags.ts';
import { healthRoutes, metricsRoutes } from '../../core/hook/instrumentation.ts';
import { writeMemoryProfiles } from '../../core/hook/memory-profiles.ts';
import { pprofRoutes } from '../../core/hook/pprof.ts';
import type { Route } from '../../core/hook/router.ts';
import { type HttpServer, listen } from '../../core/hook/server.ts';
import type { Logger } from '../../core/log.ts';
import type { Metrics } from '../../core/metrics.ts';
import type { instrumentationFlags } from '../components/flags.ts';

/** Prow: pkg/flagutil/instrumentation.go. */
export const memoryProfileFlags = {
  'profile-memory-usage': boolFlag('write memory profiles into a temporary folder'),
  'memory-profile-interval': durationFlag('how often', '30s'),
};

/** Opens the listeners that flags ask for; a component that was given no port opens none. */
export async function openInstrumentation(
  flags: FlagValues<typeof instrumentationFlags & typeof memoryProfileFlags>,
  { registry, ready, log }: { registry: Metrics; ready: () => boolean; log: Logger },
): Promise<{ close(): Promise<void> }> {
  const wanted: [number | undefined, Route[]][] = [
    [flags['metrics-port'], metricsRoutes(registry)],
    [flags['health-port'], healthRoutes(ready)],
    [flags['pprof-port'], pprofRoutes()],
  ];
  const servers: HttpServer[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.close(0)));
  };
  for (const [port, routes] of wanted) {
    if (port === undefined) continue;
    try {
      servers.push(await listen({ routes, log }, port));
    } catch (error) {
      await close();
      throw error;
    }
  }
  if (!flags['profile-memory-usage']) return { close };
  const profiles = writeMemoryProfiles(flags['memory-profile-interval'], log);
  return {
    async close() {
      await Promise.all([close(), profiles.close()]);
    },
  };
}
