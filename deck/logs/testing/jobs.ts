import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ProwJob, ProwJobState } from '../../../jobs/api/prowjob.ts';
import type { BuiltPages } from '../server/built.ts';
import { createLogPages } from '../server/index.ts';
import type { LogSource } from '../source.ts';

/** A job whose log a test writes. */
export interface FakeJob {
  prowJob: ProwJob;
  /** Undefined: there is no log. */
  log: Buffer | undefined;
}

export function fakeJob(job: string, state: ProwJobState, log: string | undefined): FakeJob {
  const ended = state !== 'pending' && state !== 'triggered';
  return {
    log: log === undefined ? undefined : Buffer.from(log),
    prowJob: {
      apiVersion: 'prow.k8s.io/v1',
      kind: 'ProwJob',
      metadata: { name: `name-of-${job}` },
      spec: {
        type: 'presubmit',
        job,
        refs: {
          org: 'acme',
          repo: 'widgets',
          repo_link: 'http://127.0.0.1:1/acme/widgets',
          base_ref: 'main',
          base_sha: '9e01b7d999',
          pulls: [
            { number: 42, author: 'bob', sha: 'a81d0c4999', title: 'Retry <uploads>', link: 'javascript:alert(1)' },
          ],
        },
      },
      status: {
        state,
        build_id: '7',
        startTime: '2026-11-21T06:00:00Z',
        pendingTime: '2026-11-21T06:00:01Z',
        ...(ended ? { completionTime: '2026-11-21T06:04:31Z', description: 'Job failed.' } : {}),
      },
    },
  };
}

function sourceOf(jobs: FakeJob[]): LogSource {
  const find = (job: ProwJob) => jobs.find(({ prowJob }) => prowJob.metadata.name === job.metadata.name);
  return {
    list: async () => ({ jobs: jobs.map(({ prowJob }) => prowJob) }),
    get: async (job, build) =>
      jobs.find(({ prowJob }) => prowJob.spec.job === job && prowJob.status.build_id === build)?.prowJob,
    log: async (job, { from, follow, signal }) => {
      const found = find(job);
      return found?.log === undefined ? undefined : growing(found, from, follow, signal);
    },
  };
}

async function* growing(job: FakeJob, from: number, follow: boolean, signal: AbortSignal): AsyncGenerator<Buffer> {
  let at = from;
  while (!signal.aborted) {
    const log = job.log ?? Buffer.alloc(0);
    if (log.length > at) yield log.subarray(at);
    at = Math.max(at, log.length);
    if (!follow || job.prowJob.status.completionTime) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The log pages on a free port of this machine. */
export async function serveLogs(jobs: FakeJob[], built?: BuiltPages): Promise<{ url: string; close(): Promise<void> }> {
  const pages = await createLogPages({ source: sourceOf(jobs) }, built);
  const server: Server = createServer(async (request, response) => {
    if (!(await pages(request, response))) response.writeHead(404).end('not ours\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
