import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { builtAs, versionTimestamp } from './version.ts';

/** The registry of one process, with Node's own figures and its version. Metrics carry Prow's names where Prow has them. */
export function createMetrics(env: NodeJS.ProcessEnv = process.env): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({ name: 'prow_version', help: 'Prow version.', registers: [registry] }).set(versionTimestamp(builtAs(env)));
  return registry;
}

export type Metrics = Registry;
