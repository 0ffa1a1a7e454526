import type { Config } from '../../core/config/config.ts';
import { parseDuration } from '../../core/config/duration.ts';
import { scheduler } from '../../jobs/config/general.ts';
import type { SchedulerConfig } from '../../jobs/scheduler/clusters.ts';
import { startScheduler } from '../../jobs/scheduler/scheduler.ts';
import type { JobsContext, Running } from './context.ts';

/** Answers of the external scheduler are not kept unless its section says how long. */
const ENTRY_TIMEOUT = '0s';

/** Gives jobs in state `scheduling` their cluster; there are none where `scheduler.enabled` is not set. */
export function runScheduler({
  config,
  store,
  log,
  registry,
}: Pick<JobsContext, 'config' | 'store' | 'log' | 'registry'>): Running {
  return startScheduler({ store, log, metrics: registry, config: () => schedulerConfig(config()) });
}

function schedulerConfig(config: Config): SchedulerConfig {
  const { failover, external } = config.get(scheduler);
  const timeout = parseDuration(external?.cache.entry_timeout_interval ?? ENTRY_TIMEOUT);
  return { failover, external: external && { url: external.url, timeout } };
}
