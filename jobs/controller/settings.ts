import { parseDuration } from '../../core/config/duration.ts';
import type { PlankConfig } from './facts.ts';

/** The `plank` section as the configuration holds it, durations as Go's text. */
type PlankSection = {
  [Key in keyof PlankConfig]: Key extends `pod_${string}_timeout` ? string : PlankConfig[Key];
};

/** What the controller needs of the `plank` section. */
export function plankSettings(plank: Omit<PlankSection, 'pod_namespace'>, podNamespace: string): PlankConfig {
  return {
    pod_namespace: podNamespace,
    pod_pending_timeout: parseDuration(plank.pod_pending_timeout),
    pod_running_timeout: parseDuration(plank.pod_running_timeout),
    pod_unscheduled_timeout: parseDuration(plank.pod_unscheduled_timeout),
    max_revivals: plank.max_revivals,
    max_concurrency: plank.max_concurrency,
    max_goroutines: plank.max_goroutines,
    job_queue_capacities: plank.job_queue_capacities,
  };
}
