import { Gauge } from 'prom-client';
import type { ConfigAgent } from '../../core/config/agent.ts';
import type { Metrics } from '../../core/metrics.ts';

/** Shows on /metrics whether the files are served as they stand, so that a refused version is seen without reading logs. */
export function registerConfigMetrics(registry: Metrics, agent: Pick<ConfigAgent, 'problem'>): void {
  new Gauge({
    name: 'cutwater_config_refused',
    help: '1 while the configuration files hold a version that was refused and an older one is served.',
    registers: [registry],
    collect() {
      this.set(agent.problem === undefined ? 0 : 1);
    },
  });
}
