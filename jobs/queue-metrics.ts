import { Counter, Gauge, Histogram, type MetricConfiguration } from 'prom-client';
import type { Metrics } from '../core/metrics.ts';

/** What a work queue tells of its keys. */
export interface QueueObserver {
  /** It waits for a worker from now on. */
  added(key: string): void;
  started(key: string): void;
  finished(key: string): void;
  /** It will be added again after a pause. */
  retried(): void;
}

/** For queues that nobody looks at. */
export const unobserved: QueueObserver = { added() {}, started() {}, finished() {}, retried() {} };

const LABELS = ['controller', 'name'] as const;
type Label = (typeof LABELS)[number];
const BUCKETS = Array.from({ length: 12 }, (_, power) => 1e-8 * 10 ** power);

/** The metrics of a queue by the name of Prow's controller (Prow's come from sigs.k8s.io/controller-runtime, pkg/metrics/workqueue.go). */
export function queueMetrics(registry: Metrics, name: string): QueueObserver {
  const metrics = registered(registry);
  const labels = { name, controller: name };
  const waiting = new Map<string, number>();
  const running = new Map<string, number>();
  metrics.running.set(name, running);
  metrics.adds.inc(labels, 0);
  metrics.retries.inc(labels, 0);
  metrics.depth.set(labels, 0);
  const depth = () => metrics.depth.set(labels, waiting.size);
  return {
    added(key) {
      if (waiting.has(key)) return;
      waiting.set(key, performance.now());
      metrics.adds.inc(labels);
      depth();
    },
    started(key) {
      metrics.waited.observe(labels, secondsSince(waiting.get(key)));
      waiting.delete(key);
      running.set(key, performance.now());
      depth();
    },
    finished(key) {
      metrics.worked.observe(labels, secondsSince(running.get(key)));
      running.delete(key);
    },
    retried() {
      metrics.retries.inc(labels);
    },
  };
}

function secondsSince(before = performance.now()): number {
  return (performance.now() - before) / 1000;
}

interface WorkQueueMetrics {
  depth: Gauge<Label>;
  adds: Counter<Label>;
  retries: Counter<Label>;
  waited: Histogram<Label>;
  worked: Histogram<Label>;
  /** By queue, since when each key is worked on. */
  running: Map<string, Map<string, number>>;
}

/** All queues of one process share their metrics. */
const known = new WeakMap<Metrics, WorkQueueMetrics>();

function registered(registry: Metrics): WorkQueueMetrics {
  const before = known.get(registry);
  if (before) return before;
  const of = (name: string, help: string): MetricConfiguration<Label> => {
    return { name: `workqueue_${name}`, help, labelNames: LABELS, registers: [registry] };
  };
  const running = new Map<string, Map<string, number>>();
  const metrics: WorkQueueMetrics = {
    depth: new Gauge(of('depth', 'Current depth of workqueue')),
    adds: new Counter(of('adds_total', 'Total number of adds handled by workqueue')),
    retries: new Counter(of('retries_total', 'Total number of retries handled by workqueue')),
    waited: new Histogram({
      ...of('queue_duration_seconds', 'How long in seconds an item stays in workqueue before being requested'),
      buckets: BUCKETS,
    }),
    worked: new Histogram({
      ...of('work_duration_seconds', 'How long in seconds processing an item from workqueue takes.'),
      buckets: BUCKETS,
    }),
    running,
  };
  ofRunning(
    of('unfinished_work_seconds', 'How long work has been done that is in progress and not yet observed.'),
    running,
    sum,
  );
  ofRunning(
    of('longest_running_processor_seconds', 'How long the longest running processor has been at work.'),
    running,
    longest,
  );
  known.set(registry, metrics);
  return metrics;
}

/** A gauge of the keys that are worked on, as they are when it is asked for. */
function ofRunning(
  configuration: MetricConfiguration<Label>,
  running: Map<string, Map<string, number>>,
  reduce: (seconds: number[]) => number,
): void {
  new Gauge({
    ...configuration,
    collect() {
      for (const [name, keys] of running)
        this.set({ name, controller: name }, reduce([...keys.values()].map(secondsSince)));
    },
  });
}

function sum(seconds: number[]): number {
  return seconds.reduce((total, each) => total + each, 0);
}

function longest(seconds: number[]): number {
  return Math.max(0, ...seconds);
}
