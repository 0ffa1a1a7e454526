import { randomUUID } from 'node:crypto';
import { parseDuration } from '../../core/config/duration.ts';
import { scheduler } from '../../jobs/config/general.ts';
import type { Periodic } from '../../jobs/config/job.ts';
import { jobs } from '../../jobs/config/jobs.ts';
import { horologium } from '../../jobs/horologium/config.ts';
import { type PeriodicJob, startHorologium } from '../../jobs/horologium/horologium.ts';
import { sinker } from '../../jobs/sinker/config.ts';
import { clean, type SinkerPorts, startSinker } from '../../jobs/sinker/sinker.ts';
import { newProwJob } from '../../jobs/spec/prowjob.ts';
import { periodicSpec } from '../../jobs/spec/spec.ts';
import type { JobsContext, Running } from './context.ts';

/** Starts periodics when their time comes. */
export function runHorologium({ config, store, dryRun, log }: Omit<JobsContext, 'pods' | 'registry'>): Running {
  return startHorologium({
    store,
    periodics: () =>
      config()
        .get(jobs)
        .periodics.map((periodic) => periodicJob(periodic, config().get(scheduler).enabled)),
    tickInterval: () => config().get(horologium).tick_interval,
    dryRun,
    now: Date.now,
    log,
  });
}

function periodicJob(periodic: Periodic, scheduling: boolean): PeriodicJob {
  const { name, cron, interval, minimum_interval, retry } = periodic;
  return {
    name,
    ...(cron && { cron }),
    ...(interval && { interval: parseDuration(interval) }),
    ...(minimum_interval && { minimumInterval: parseDuration(minimum_interval) }),
    ...(retry && {
      retry: {
        attempts: retry.attempts ?? 0,
        interval: parseDuration(retry.interval ?? '0s'),
        runAll: retry.run_all ?? false,
      },
    }),
    newRun: (labels) =>
      newProwJob(periodicSpec(periodic), {
        name: randomUUID(),
        labels: { ...periodic.labels, ...labels },
        annotations: periodic.annotations,
        now: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
        scheduling,
      }),
  };
}

/** Removes jobs and pods that have had their day. */
export function runSinker(context: JobsContext): Running {
  return startSinker({ ...sinkerPorts(context), metrics: context.registry });
}

/** The same, one time. */
export async function cleanOnce(context: JobsContext): Promise<void> {
  await clean(sinkerPorts(context));
}

function sinkerPorts({ config, store, pods, dryRun, log }: JobsContext): SinkerPorts {
  return {
    store,
    pods,
    config: () => config().get(sinker),
    periodics: () =>
      new Set(
        config()
          .get(jobs)
          .periodics.map(({ name }) => name),
      ),
    dryRun,
    now: Date.now,
    log,
  };
}
