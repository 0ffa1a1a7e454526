import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLogger } from '../../core/log.ts';
import { createMetrics } from '../../core/metrics.ts';
import type { ProwJobSpec } from '../api/prowjob.ts';
import { EmbeddedStore } from '../store/embedded.ts';
import { collect, sampleJob } from '../store/suite.ts';
import type { SchedulerConfig } from './clusters.ts';
import { startScheduler } from './scheduler.ts';

let store: EmbeddedStore;
let config: SchedulerConfig;
let running: { stop(): Promise<void> };
let answer: { status: number; body: string };
let asked: string[];
const server = createServer(async (request, response) => {
  asked.push(await text(request));
  response.writeHead(answer.status).end(answer.body);
});

beforeEach(async () => {
  store = new EmbeddedStore({ path: ':memory:' });
  asked = [];
  answer = { status: 200, body: '{"cluster":"chosen"}' };
  config = {};
  if (!server.listening) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  running = startScheduler({
    store,
    metrics: createMetrics(),
    config: () => config,
    log: createLogger('test', 'silent'),
  });
});
afterEach(async () => {
  await running.stop();
  store.close();
  server.close();
});

async function scheduled(name: string, spec: ProwJobSpec): Promise<string | undefined> {
  const { resourceVersion } = await store.list();
  const events = collect(store, resourceVersion, { job: 'unit' });
  await store.create(sampleJob(name, { spec, status: { state: 'scheduling' } }));
  const seen = await events.until((all) =>
    all.some(({ job }) => job.metadata.name === name && job.status.state === 'triggered'),
  );
  await events.stop();
  return seen.at(-1)?.job.spec.cluster;
}
const external = () => ({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, timeout: 60_000 });

it.each<[string, () => SchedulerConfig, ProwJobSpec, string | undefined]>([
  ['leaves the cluster as it is', () => ({}), { cluster: 'a' }, 'a'],
  ['leaves none where there is none', () => ({}), {}, undefined],
  ['sends the jobs of one cluster to another', () => ({ failover: { mappings: { a: 'b' } } }), { cluster: 'a' }, 'b'],
  ['leaves those of others', () => ({ failover: { mappings: { a: 'b' } } }), { cluster: 'c' }, 'c'],
  ['asks', () => ({ external: external() }), { cluster: 'a' }, 'chosen'],
  ['asks not for other agents', () => ({ external: external() }), { cluster: 'a', agent: 'jenkins' }, 'a'],
])('%s', async (_, settings, spec, cluster) => {
  config = settings();
  expect(await scheduled('j', spec)).toBe(cluster);
});

it.each<[string, number, string]>([
  ['a refusal', 500, '{"cluster":"chosen"}'],
  ['another success', 201, '{"cluster":"chosen"}'],
  ['what is no JSON', 200, 'chosen'],
  ['nothing', 200, 'null'],
  ['a cluster that is no text', 200, '{"cluster":5}'],
])('the job goes where it is configured to after %s, and is asked for again', async (_, status, body) => {
  config = { external: external() };
  answer = { status, body };
  expect(await scheduled('one', { cluster: 'a' })).toBe('a');
  expect(await scheduled('two', { cluster: 'a' })).toBe('a');
  expect(asked).toEqual(['{"job":"unit"}', '{"job":"unit"}']);
});

it('failover goes before a service, and an answer that is not to be kept is asked for again', async () => {
  config = { external: external(), failover: { mappings: { a: 'b' } } };
  expect(await scheduled('one', { cluster: 'a' })).toBe('b');
  config = { external: { ...external(), timeout: 0 } };
  expect(await scheduled('two', { cluster: 'a' })).toBe('chosen');
  expect(await scheduled('three', { cluster: 'a' })).toBe('chosen');
  expect(asked).toHaveLength(2);
});

it('asks once for a job, and goes on without an answer', async () => {
  config = { external: external() };
  answer.status = 500;
  expect(await scheduled('one', { cluster: 'a' })).toBe('a');
  answer.status = 200;
  expect(await scheduled('two', { cluster: 'a' })).toBe('chosen');
  expect(await scheduled('three', { cluster: 'a' })).toBe('chosen');
  expect(asked).toEqual(['{"job":"unit"}', '{"job":"unit"}']);
});
