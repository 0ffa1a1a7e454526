import { setTimeout as sleep } from 'node:timers/promises';
import { CutwaterError, hasCode } from '../../core/errors.ts';
import { createKubeClient } from '../../core/kube/client.ts';
import { loadClusters, SERVICE_CLUSTER } from '../../core/kube/contexts.ts';
import { PROWJOBS, pathOf } from '../../core/kube/paths.ts';
import { isComplete, type ProwJob, type ProwJobStatus } from '../../jobs/api/prowjob.ts';

const POLL_MS = 2_000;
const ENDED = new Set(['success', 'failure', 'aborted', 'error']);

/** Creates the job in the service cluster and waits until it has ended. Throws what the API server says. */
export async function submitAndWait(
  job: ProwJob,
  namespace: string,
  kubeconfig: string | undefined,
): Promise<ProwJobStatus> {
  const target = loadClusters({ kubeconfig }).get(SERVICE_CLUSTER);
  if (!target) throw new CutwaterError('config', 'no cluster to submit the job to: name one with --kubeconfig');
  const client = createKubeClient(target);
  try {
    await client.request({ method: 'POST', path: pathOf(PROWJOBS, namespace), body: job });
    for (;;) {
      const status = await statusOf(client, pathOf(PROWJOBS, namespace, job.metadata.name ?? ''));
      if (status) return status;
      await sleep(POLL_MS);
    }
  } finally {
    client.close();
  }
}

/** The status once the job has ended; an API server that is away for a moment is asked again. */
async function statusOf(client: ReturnType<typeof createKubeClient>, path: string): Promise<ProwJobStatus | undefined> {
  try {
    const job = await client.request<ProwJob>({ path });
    return isComplete(job) || ENDED.has(job.status.state ?? '') ? job.status : undefined;
  } catch (error) {
    if (hasCode(error, 'transient')) return undefined;
    throw error;
  }
}
