import type { ProwJob } from '../api/prowjob.ts';
import type { Pod, PodStatus } from '../pods/backend.ts';
import type { PlankConfig } from './facts.ts';

export const MINUTE = 60_000;

/** The plank section of the controller's tests. */
export function testConfig(): PlankConfig {
  return {
    pod_namespace: 'test-pods',
    pod_pending_timeout: 10 * MINUTE,
    pod_running_timeout: 60 * MINUTE,
    pod_unscheduled_timeout: 5 * MINUTE,
    max_revivals: 3,
    max_concurrency: 0,
    max_goroutines: 20,
    job_queue_capacities: {},
  };
}

export function testPod({ metadata: { name = '' } }: ProwJob, buildId: string): Pod {
  const labels = { 'created-by-prow': 'true', 'prow.k8s.io/build-id': buildId };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels }, spec: { containers: [{ name: 'test' }] } };
}

/** What kubelet reports of a pod whose test passed. */
export const SUCCEEDED: PodStatus = {
  phase: 'Succeeded',
  containerStatuses: [
    {
      name: 'test',
      ready: false,
      restartCount: 0,
      image: '',
      imageID: '',
      state: { terminated: { exitCode: 0, finishedAt: '2026-01-02T03:06:00Z' } },
    },
  ],
};

/** The refs of another pull request, so that no run is another's duplicate. */
export function other(number: number) {
  return {
    spec: { refs: { org: 'acme', repo: 'site', base_ref: 'main', pulls: [{ number, author: 'a', sha: 's' }] } },
  };
}

/** Lets everything happen that needs no time. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 30; round += 1) await new Promise((resolve) => setImmediate(resolve));
}
