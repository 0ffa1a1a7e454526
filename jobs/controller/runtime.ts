import type { Metrics } from '../../core/metrics.ts';
import { pause } from '../pause.ts';
import { queueMetrics } from '../queue-metrics.ts';
import { follow } from '../store/follow.ts';
import { Controller } from './controller.ts';
import { JobMetrics } from './metrics.ts';
import type { ControllerPorts } from './ports.ts';

export interface RunningController {
  /** Takes nothing up any more and waits until what was begun is done, for so many milliseconds at most. Pods go on. */
  stop(graceMilliseconds?: number): Promise<void>;
}

/**
 * Starts the pod-runner controller on a store and a pods backend. It looks at every job that has not ended at once, so that a
 * restart goes on where the last process was stopped or killed.
 */
export function startController({ metrics, ...ports }: ControllerPorts & { metrics: Metrics }): RunningController {
  const { store, pods, log } = ports;
  const abort = new AbortController();
  const controller = new Controller({ ...ports, observer: queueMetrics(metrics, 'plank') });
  const jobMetrics = new JobMetrics(metrics);

  const followJobs = async () => {
    for await (const event of follow({ store, signal: abort.signal, log, list: { active: true } })) {
      controller.observeJobs(event);
      if (event.type === 'listed') void countAll();
      else jobMetrics.observe(event);
    }
  };
  const countAll = () =>
    jobMetrics.prime(store).catch((error: unknown) => log.warn({ err: error }, 'existing jobs not counted'));
  const followPods = async () => {
    while (!abort.signal.aborted) {
      try {
        for await (const event of pods.watch(abort.signal)) controller.observePod(event);
      } catch (error) {
        log.warn({ err: error }, 'the watch of pods failed, started again');
        await pause(1_000, abort.signal);
      }
    }
  };
  const run = Promise.all([followJobs(), followPods()]);

  return {
    async stop(graceMilliseconds = 30_000) {
      abort.abort();
      const done = Promise.all([controller.stop(), run]);
      const timer = Promise.withResolvers<void>();
      const timeout = setTimeout(timer.resolve, graceMilliseconds);
      await Promise.race([done, timer.promise]);
      clearTimeout(timeout);
    },
  };
}
