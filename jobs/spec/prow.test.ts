import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../core/config/load.ts';
import { CREATED_BY_PROW } from '../api/labels.ts';
import type { ProwJob, ProwJobSpec } from '../api/prowjob.ts';
import type { Refs } from '../api/refs.ts';
import { defaultJobTimeout, podNamespace, prowjobDefaults, prowjobNamespace, scheduler } from '../config/general.ts';
import { splitRepo } from '../config/gerrit.ts';
import type { JobBase } from '../config/job.ts';
import { jobTypes } from '../config/job-types.ts';
import { jobs } from '../config/jobs.ts';
import { plank } from '../config/plank.ts';
import { podOf } from './pod.ts';
import { newProwJob } from './prowjob.ts';
import { periodicSpec, postsubmitSpec, presubmitSpec } from './spec.ts';
import { jobUrl } from './url.ts';

const folder = path.join(import.meta.dirname, 'testdata');
const sections = [defaultJobTimeout, jobs, plank, podNamespace, prowjobDefaults, prowjobNamespace, scheduler];
const config = loadConfig({
  sections,
  configPath: path.join(folder, 'config.yaml'),
  jobConfigPath: path.join(folder, 'jobs'),
});

interface Golden {
  type: string;
  repo?: string;
  name: string;
  nth: number;
  prowjob: object;
  pod?: object;
  url: string;
}

const golden: Golden[] = readFileSync(path.join(folder, 'prow.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

function refsOf(repo: string): Refs {
  const { org, repo: name } = splitRepo(repo) ?? { org: '', repo: '' };
  return { org, repo: name, base_ref: 'master', base_sha: 'a'.repeat(40) };
}

function* made(): Iterable<[key: string, job: JobBase, spec: ProwJobSpec]> {
  const { presubmits, postsubmits, periodics } = config.get(jobs);
  const pull = { number: 42, author: 'alice', sha: 'b'.repeat(40), head_ref: 'topic' };
  for (const [repo, list] of presubmits)
    for (const job of list)
      yield [`presubmit ${repo} ${job.name}`, job, presubmitSpec(job, { ...refsOf(repo), pulls: [pull] })];
  for (const [repo, list] of postsubmits)
    for (const job of list) yield [`postsubmit ${repo} ${job.name}`, job, postsubmitSpec(job, refsOf(repo))];
  for (const job of periodics) yield [`periodic undefined ${job.name}`, job, periodicSpec(job)];
}

const ours = new Map<string, ProwJob[]>();
for (const [key, { labels, annotations }, spec] of made()) {
  const job = newProwJob(spec, { name: 'golden', labels, annotations, now: '2026-01-01T00:00:00Z' });
  ours.set(key, [...(ours.get(key) ?? []), { ...job, status: { ...job.status, build_id: '1234567890123456789' } }]);
}

describe('jobs as the real Prow makes them', () => {
  test.each(golden)('$type $name #$nth', ({ type, repo, name, nth, prowjob, pod, url }) => {
    const job = ours.get(`${type} ${repo} ${name}`)?.[nth] as ProwJob;
    const { status: _, ...created } = job;
    expect({ ...created, spec: jobTypes.encode('ProwJobSpec', created.spec) }).toEqual(prowjob);
    expect(jobUrl(config.get(plank), job)).toBe(url);
    if (!pod) return;
    const { spec, metadata, ...rest } = podOf(job);
    const { [CREATED_BY_PROW]: __, ...labels } = metadata.labels ?? {};
    expect({ ...rest, metadata: { ...metadata, labels }, spec: jobTypes.encode('PodSpec', spec) }).toEqual(pod);
  });

  test('none is missing and none too many', () => {
    expect([...ours.values()].flat()).toHaveLength(golden.length);
  });
});
