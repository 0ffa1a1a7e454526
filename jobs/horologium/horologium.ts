import type { Logger } from '../../core/log.ts';
import { RERUN } from '../api/labels.ts';
import type { ProwJob } from '../api/prowjob.ts';
import type { ProwJobStore } from '../api/store.ts';
import { pause } from '../pause.ts';
import { follow } from '../store/follow.ts';
import { Clocks } from './clocks.ts';
import { due, runOf, type Timing } from './due.ts';
import { LatestRuns } from './latest-runs.ts';

/** A periodic as configured. */
export interface PeriodicJob extends Timing {
  name: string;
  /** A fresh run of it, with these labels beside its own (`jobs/spec`). */
  newRun: (labels: Record<string, string>) => ProwJob;
}

export interface HorologiumPorts {
  store: ProwJobStore;
  periodics: () => readonly PeriodicJob[];
  /** Milliseconds between two looks; read anew after each. */
  tickInterval: () => number;
  dryRun: boolean;
  now: () => number;
  log: Logger;
}

/** One look at every periodic: starts those that are due. A run that can not be created is logged and tried at the next look. */
class Horologium {
  readonly latest: LatestRuns;
  private readonly ports: HorologiumPorts;
  private readonly clocks = new Clocks();
  /** Cron times that have come, but whose run could not be created, as far as we know: the run's name tells whether it was after all. */
  private readonly owed = new Map<string, string | undefined>();

  constructor(ports: HorologiumPorts) {
    this.ports = ports;
    this.latest = new LatestRuns(ports.store);
  }

  async tick(): Promise<void> {
    const { periodics, now, log } = this.ports;
    const all = periodics();
    const crons = all.flatMap(({ name, cron }): [string, string][] => (cron === undefined ? [] : [[name, cron]]));
    const fired = this.clocks.fired(crons, now(), (job, error) =>
      log.error({ err: error, job }, 'error syncing cron job'),
    );
    for (const periodic of all) {
      const { name } = periodic;
      const latest = this.latest.get(name);
      const owed = this.owed.has(name) && this.owed.get(name) !== latest?.name;
      this.owed.delete(name);
      const isDue = due(periodic, latest, fired.has(name) || owed, now());
      if (isDue) await this.start(periodic, isDue);
    }
  }

  private async start(periodic: PeriodicJob, { reason, rerun }: { reason: string; rerun?: number }): Promise<void> {
    const { store, dryRun, log } = this.ports;
    const { name: job } = periodic;
    if (dryRun) {
      log.info({ job, reason }, 'would be started');
      return;
    }
    let run: string | undefined;
    try {
      const fresh = periodic.newRun(rerun === undefined ? {} : { [RERUN]: String(rerun) });
      run = fresh.metadata.name;
      const created = await store.create(fresh);
      this.latest.take(job, runOf(created));
      log.info({ job, reason, name: created.metadata.name }, 'triggering new run');
    } catch (error) {
      if (periodic.cron !== undefined) this.owed.set(job, run);
      log.error({ err: error, job, reason }, 'periodic not started');
    }
  }
}

/** Starts periodics when their time comes, until stopped. */
export function startHorologium(ports: HorologiumPorts): { stop(): Promise<void> } {
  const { store, log, tickInterval } = ports;
  const abort = new AbortController();
  const { signal } = abort;
  const horologium = new Horologium(ports);
  const known = Promise.withResolvers<void>();
  const follows = (async () => {
    for await (const event of follow({ store, signal, log, list: { types: ['periodic'], active: true } })) {
      await untilDone(() => horologium.latest.observe(event), { signal, log });
      known.resolve();
    }
    known.resolve();
  })();
  const ticks = (async () => {
    // Before the runs are known every periodic would seem never to have run.
    await known.promise;
    while (!signal.aborted) {
      await horologium.tick().catch((error: unknown) => log.error({ err: error }, 'error syncing periodic jobs'));
      await pause(tickInterval(), signal);
    }
  })();
  return {
    async stop() {
      abort.abort();
      await Promise.all([follows, ticks]);
    },
  };
}

/** A read that fails is tried again: with runs unknown, periodics would be started that have run just now. */
async function untilDone(
  work: () => Promise<void>,
  { signal, log }: { signal: AbortSignal; log: Logger },
): Promise<void> {
  while (!signal.aborted) {
    try {
      return await work();
    } catch (error) {
      log.warn({ err: error }, 'runs of periodics not read, tried again');
      await pause(1_000, signal);
    }
  }
}
