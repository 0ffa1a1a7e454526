import { expect, it, vi } from 'vitest';
import { CutwaterError } from '../../core/errors.ts';
import type { KubeClusters } from '../../core/kube/clusters.ts';
import { createLogger } from '../../core/log.ts';
import { createMetrics } from '../../core/metrics.ts';
import { whileLeading } from './leading.ts';

/** An API server whose Lease nobody else asks for. */
function clusters(): KubeClusters {
  let lease: object | undefined;
  const request = async ({ body }: { body?: object }) => {
    if (body) lease = body;
    if (!lease) throw new CutwaterError('not-found', 'there is none');
    return lease;
  };
  return { client: () => ({ request }) } as unknown as KubeClusters;
}

it('tells by a metric of whose Leases it is the holder', async () => {
  const registry = createMetrics();
  const lost = vi.fn();
  const shared = { namespace: 'ci', log: createLogger('test', 'silent'), registry, lost };
  const status = async () =>
    (await registry.getSingleMetricAsString('leader_election_master_status')).split('\n').slice(2);
  const running = whileLeading({ ...shared, clusters: clusters(), lease: 'one' }, () => ({ async stop() {} }));
  const waiting = whileLeading(
    {
      ...shared,
      clusters: { client: () => ({ request: () => new Promise(() => {}) }) } as unknown as KubeClusters,
      lease: 'two',
    },
    () => ({ async stop() {} }),
  );
  expect(await status()).toEqual([
    'leader_election_master_status{name="one"} 0',
    'leader_election_master_status{name="two"} 0',
  ]);
  await expect
    .poll(status)
    .toEqual(['leader_election_master_status{name="one"} 1', 'leader_election_master_status{name="two"} 0']);
  await running.stop(0);
  expect(await status()).toContain('leader_election_master_status{name="one"} 0');
  expect(lost).not.toHaveBeenCalled();
  void waiting;
});
