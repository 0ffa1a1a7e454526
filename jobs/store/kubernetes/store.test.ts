import { afterEach, beforeEach, expect, it } from 'vitest';
import { createKubeClient, type KubeClient } from '../../../core/kube/client.ts';
import { fakeApiServer, reply } from '../../../core/kube/testing.ts';
import { createLogger } from '../../../core/log.ts';
import { sampleJob } from '../suite.ts';
import { KubernetesProwJobStore } from './store.ts';

const made = sampleJob('kept');
const job = { ...made, metadata: { ...made.metadata, uid: 'uid', resourceVersion: '5' } };

let server: Awaited<ReturnType<typeof fakeApiServer>>;
let client: KubeClient;
let store: KubernetesProwJobStore;
beforeEach(async () => {
  server = await fakeApiServer(({ method, url }, response) => {
    // Somebody's finalizer keeps the job: it is handed back, marked, instead of a Status.
    if (method === 'DELETE') {
      const metadata = { ...job.metadata, resourceVersion: '11', deletionTimestamp: '2026-01-02T03:04:05Z' };
      return reply(response, 200, { ...job, metadata });
    }
    if (url?.includes('watch=true')) return response.writeHead(200).flushHeaders();
    return reply(response, 200, { items: [job], metadata: { resourceVersion: '10' } });
  });
  client = createKubeClient(server.target);
  store = new KubernetesProwJobStore({ client, namespace: 'prow', log: createLogger('test', 'silent') });
});
afterEach(async () => {
  await store.close();
  client.close();
  await server.close();
});

it('a job that is deleted but kept by a finalizer holds no list up', async () => {
  expect((await store.list()).items).toHaveLength(1);
  await store.delete('kept');
  expect((await store.list()).items.map(({ metadata }) => metadata.name)).toEqual(['kept']);
});
