import { collectDefaultMetrics, Registry } from 'prom-client';

/** The registry of one process, with Node's own figures. Metrics carry Prow's names where Prow has them. */
export function createMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

export type Metrics = Registry;
