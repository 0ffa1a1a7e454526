import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProwJob } from '../../../jobs/api/prowjob.ts';
import { fakeJob, serveLogs } from '../testing/jobs.ts';
import { renderDocument } from '../ui/render.tsx';

const unit = fakeJob('unit', 'failure', undefined);
const nightly = fakeJob('nightly', 'success', undefined);
const hidden = fakeJob('hidden', 'success', undefined);
let server: Awaited<ReturnType<typeof serveLogs>>;

beforeAll(async () => {
  unit.prowJob.metadata.labels = { 'prow.k8s.io/job': 'unit' };
  unit.prowJob.spec.pod_spec = { containers: [{ name: 'test' }] };
  nightly.prowJob.spec = { type: 'periodic', job: 'nightly', extra_refs: [{ org: 'other', repo: 'docs' }] };
  hidden.prowJob.spec.hidden = true;
  const assets = { script: 'client.js', style: 'style.css' };
  const pages = { render: renderDocument, assets, asset: async () => undefined };
  server = await serveLogs([unit, nightly, hidden], pages);
});
afterAll(() => server.close());

const get = (query: string) => fetch(`${server.url}/prowjobs.js${query}`);
const items = async (query: string) => ((await (await get(query)).json()) as { items: ProwJob[] }).items;

describe('/prowjobs.js', () => {
  it('has all jobs that are not hidden, whole', async () => {
    expect(await items('')).toEqual([unit.prowJob, nightly.prowJob]);
  });

  it('leaves out what is not asked for', async () => {
    const [job] = await items('?omit=labels,annotations,decoration_config,pod_spec');
    expect(job?.metadata).toEqual({ name: 'name-of-unit' });
    expect(job?.spec).not.toHaveProperty('pod_spec');
  });

  it.each([
    ['?org=acme', ['unit']],
    ['?org=other', ['nightly']],
    ['?repo=widgets', ['unit']],
    ['?owner=bob', ['unit']],
    ['?owner=alice', []],
  ])('%s chooses %j', async (query, names) => {
    expect((await items(query)).map(({ spec }) => spec.job)).toEqual(names);
  });

  it('is a script that sets a variable, and no other script', async () => {
    const script = await get('?var=allBuilds&owner=alice');
    expect(script.headers.get('content-type')).toContain('javascript');
    expect(await script.text()).toBe('var allBuilds = {"items":[]};');
    expect((await get('?var=alert(1);x')).status).toBe(400);
  });
});
