import { Counter, Histogram } from 'prom-client';
import type { Metrics } from '../../core/metrics.ts';

/** Crier's metrics, by Prow's names (Prow: pkg/crier/metrics.go). */
export interface CrierMetrics {
  latency: Histogram<'reporter'>;
  results: Counter<'reporter' | 'result'>;
}

export function crierMetrics(registry: Metrics): CrierMetrics {
  return {
    latency: new Histogram({
      name: 'crier_report_latency',
      help: 'Histogram of time spent reporting, calculated by the time difference between job completion and end of reporting.',
      labelNames: ['reporter'],
      buckets: [1, 10, 20, 30, 60, 120, 180, 300, 600, 1200, 1800, 2700, 3600, 5400, 7200],
      registers: [registry],
    }),
    results: new Counter({
      name: 'crier_reporting_results',
      help: 'Count of successful and failed reporting attempts by reporter.',
      labelNames: ['reporter', 'result'],
      registers: [registry],
    }),
  };
}
