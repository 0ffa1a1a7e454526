import { Counter, Gauge } from 'prom-client';
import type { Metrics } from '../metrics.ts';
import type { Outbox } from './letter.ts';

type Outcome = 'sent' | 'failed' | 'dead';

export interface ForwardMetrics {
  count(plugin: string, outcome: Outcome): void;
}

/** Forwarding in figures; `counts` is asked for its gauge when somebody looks. */
export function createForwardMetrics(registry: Metrics, counts: () => ReturnType<Outbox['counts']>): ForwardMetrics {
  const registers = [registry];
  const attempts = new Counter({
    name: 'cutwater_external_plugin_events',
    help: 'Attempts to send an event to an external plugin: sent, failed and tried again, or given up (dead).',
    labelNames: ['plugin', 'outcome'],
    registers,
  });
  new Gauge({
    name: 'cutwater_external_plugin_letters',
    help: 'Events that wait for an external plugin, and those that were given up (dead).',
    labelNames: ['plugin', 'state'],
    registers,
    async collect() {
      this.reset();
      // While the database is away, the other figures are wanted all the more.
      const counted = await counts().catch(() => []);
      for (const { plugin, state, count } of counted) this.set({ plugin, state }, count);
    },
  });
  return { count: (plugin, outcome) => attempts.inc({ plugin, outcome }) };
}
