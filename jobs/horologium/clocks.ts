import { parseCron, type Schedule } from '../config/cron.ts';

/** The cron times of periodics: which of them have come since they were asked about last. Times before a periodic was known do not count. */
export class Clocks {
  private readonly clocks = new Map<string, { cron: string; schedule: Schedule; next: Date | undefined }>();

  /** Which of `periodics` (name, cron) fire at `now`. A line that can not be read is handed to `refuse`, and the others go on. */
  fired(
    periodics: Iterable<[name: string, cron: string]>,
    now: number,
    refuse: (name: string, error: unknown) => void,
  ): Set<string> {
    const fired = new Set<string>();
    const configured = new Set<string>();
    for (const [name, cron] of periodics) {
      configured.add(name);
      try {
        if (this.hasCome(name, cron, new Date(now))) fired.add(name);
      } catch (error) {
        refuse(name, error);
      }
    }
    for (const name of this.clocks.keys()) if (!configured.has(name)) this.clocks.delete(name);
    return fired;
  }

  private hasCome(name: string, cron: string, now: Date): boolean {
    const clock = this.clocks.get(name);
    if (!clock || clock.cron !== cron) {
      const schedule = parseCron(cron);
      this.clocks.set(name, { cron, schedule, next: schedule.next(now) });
      // `@every` starts at once, as in Prow.
      return cron.startsWith('@every');
    }
    if (!clock.next || clock.next > now) return false;
    // However many times have passed, it is started once.
    clock.next = clock.schedule.next(now);
    return true;
  }
}
