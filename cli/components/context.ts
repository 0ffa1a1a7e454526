import type { Config } from '../../core/config/config.ts';
import type { Logger } from '../../core/log.ts';
import type { Metrics } from '../../core/metrics.ts';
import type { ProwJobStore } from '../../jobs/api/store.ts';
import type { PodBackend } from '../../jobs/pods/backend.ts';

/** What components that look after jobs work with, alone or in one process. */
export interface JobsContext {
  config(): Config;
  store: ProwJobStore;
  pods: PodBackend;
  dryRun: boolean;
  log: Logger;
  registry: Metrics;
}

/** A component that runs until it is stopped. */
export interface Running {
  /** Begins nothing new and waits for what is under way, for so many milliseconds at most. */
  stop(graceMs: number): Promise<void>;
}
