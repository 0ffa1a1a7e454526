import { Counter, Histogram } from 'prom-client';
import type { Metrics } from '../metrics.ts';

/** How long plugins take and how often they fail, under Prow's names (Prow: pkg/plugins/plugins.go). */
export interface PluginMetrics {
  handled(labels: HandleLabels, seconds: number): void;
  failed(labels: HandleLabels): void;
}

interface HandleLabels {
  event_type: string;
  action: string;
  plugin: string;
  took_action: 'true' | 'false';
}

const LABELS = ['event_type', 'action', 'plugin', 'took_action'] as const;
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640];

export function createPluginMetrics(registry: Metrics): PluginMetrics {
  const registers = [registry];
  const duration = new Histogram({
    name: 'prow_plugin_handle_duration_seconds',
    help: 'How long Prow took to handle an event by plugin, event type and action.',
    labelNames: LABELS,
    buckets: BUCKETS,
    registers,
  });
  const errors = new Counter({
    name: 'prow_plugin_handle_errors',
    help: 'Prow errors handling an event by plugin, event type and action.',
    labelNames: LABELS,
    registers,
  });
  return {
    handled: (labels, seconds) => duration.observe({ ...labels }, seconds),
    failed: (labels) => errors.inc({ ...labels }),
  };
}
