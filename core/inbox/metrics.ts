import { Counter, Gauge, Histogram } from 'prom-client';
import type { Metrics } from '../metrics.ts';
import type { StoreStats } from './store.ts';

export interface InboxMetrics {
  known(): void;
  finished(receivedAt: number): void;
  setAside(): void;
}

/** The inbox in figures; `stats` is asked for its gauges when somebody looks. */
export function createInboxMetrics(registry: Metrics, stats: () => Promise<StoreStats>): InboxMetrics {
  const registers = [registry];
  const known = new Counter({ name: 'cutwater_inbox_known', help: 'Deliveries that had arrived before.', registers });
  const aside = new Counter({ name: 'cutwater_inbox_set_aside', help: 'Deliveries that were set aside.', registers });
  const age = new Histogram({
    name: 'cutwater_inbox_handled_seconds',
    help: 'Time from the arrival of a delivery until all plugins have finished with it.',
    buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300],
    registers,
  });
  new Gauge({
    name: 'cutwater_inbox_entries',
    help: 'Deliveries in the inbox by state.',
    labelNames: ['state'],
    registers,
    async collect() {
      this.reset();
      // While the database is away, the other figures are wanted all the more.
      const { bytes: _, ...states } = await stats().catch((): Partial<StoreStats> => ({}));
      for (const [state, count] of Object.entries(states)) this.set({ state }, count);
    },
  });
  return {
    known: () => known.inc(),
    finished: (receivedAt) => age.observe((Date.now() - receivedAt) / 1000),
    setAside: () => aside.inc(),
  };
}
