import { afterAll, beforeAll } from 'vitest';
import { createKubeClient } from '../../core/kube/client.ts';
import { createLogger } from '../../core/log.ts';
import { KubernetesProwJobStore } from '../../jobs/store/kubernetes/store.ts';
import { storeSuite } from '../../jobs/store/suite.ts';
import { openCluster, type TestCluster } from './support/cluster.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await openCluster();
});
afterAll(() => cluster.close());

storeSuite('Kubernetes', async () => {
  const namespace = await cluster.namespace('store');
  const client = createKubeClient(cluster.target);
  const store = new KubernetesProwJobStore({ client, namespace, log: createLogger('test', 'silent') });
  return {
    store,
    async dispose() {
      await store.close();
      client.close();
    },
  };
});
