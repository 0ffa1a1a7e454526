import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { registerConfigMetrics } from './config-metrics.ts';

test('a refused configuration shows until it is mended', async () => {
  const registry = new Registry();
  const agent: { problem: string | undefined } = { problem: undefined };
  registerConfigMetrics(registry, agent);
  expect(await registry.metrics()).toContain('cutwater_config_refused 0');
  agent.problem = 'config.yaml:1:1: unexpected end';
  expect(await registry.metrics()).toContain('cutwater_config_refused 1');
  agent.problem = undefined;
  expect(await registry.metrics()).toContain('cutwater_config_refused 0');
});
