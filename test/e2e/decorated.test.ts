import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EmbeddedStore } from '../../jobs/store/embedded.ts';
import * as actions from '../../sandbox/model/actions/index.ts';
import { openPodman } from '../servers/podman.ts';
import { openStage, type Stage } from './support/stage.ts';

const BOBS = 42;
/** How long the slowest of machines may take. */
const PATIENCE = 300_000;
const SECRET = 'hunter2-hunter2-hunter2';

/** Reads the secret aloud, and leaves a JUnit file. */
const SCRIPT = [
  'test -f README.md && echo "the token is $(cat /secrets/token/key)"',
  'echo "<testsuites><testsuite name=\\"unit\\" tests=\\"1\\"/></testsuites>" > $ARTIFACTS/junit.xml',
  'mkdir $ARTIFACTS/deep && cp /secrets/token/key $ARTIFACTS/deep/leak.txt',
].join(' && ');

const config = (image: string) => `
plank:
  default_decoration_config_entries:
  - config:
      timeout: 5m
      grace_period: 5s
      censor_secrets: true
      utility_images: { clonerefs: x, initupload: x, entrypoint: x, sidecar: x }
      gcs_configuration: { bucket: local, path_strategy: explicit }
presubmits:
  acme/widgets:
  - { name: pre, always_run: false, decorate: true, spec: &spec { volumes: [{ name: token, secret: { secretName: token } }], containers: [{ image: '${image}', command: [sh, -c, '${SCRIPT}'], volumeMounts: [{ name: token, mountPath: /secrets/token }] }] } }
postsubmits:
  acme/widgets:
  - { name: post, decorate: true, spec: *spec }
periodics:
- { name: hourly, interval: 1h, decorate: true, extra_refs: [{ org: acme, repo: widgets, base_ref: main }], spec: *spec }
plugins:
  acme: [trigger]
`;

/** What is in a run's folder (docs/artifacts.md). */
const RUN = [
  'artifacts/deep/leak.txt',
  'artifacts/junit.xml',
  'build-log.txt',
  'clone-log.txt',
  'clone-records.json',
  'finished.json',
  'podinfo.json',
  'prowjob.json',
  'sidecar-logs.json',
  'started.json',
];

const JOBS = {
  pre: {
    folder: `pr-logs/pull/acme_widgets/${BOBS}/pre/BUILD`,
    indexes: [
      'pr-logs/directory/pre/BUILD.txt',
      'pr-logs/directory/pre/latest-build.txt',
      `pr-logs/pull/acme_widgets/${BOBS}/pre/latest-build.txt`,
    ],
  },
  post: { folder: 'logs/post/BUILD', indexes: ['logs/post/latest-build.txt'] },
  hourly: { folder: 'logs/hourly/BUILD', indexes: ['logs/hourly/latest-build.txt'] },
  'both-pulls': {
    folder: 'pr-logs/pull/batch/both-pulls/BUILD',
    indexes: ['pr-logs/directory/both-pulls/latest-build.txt'],
  },
};
type Job = keyof typeof JOBS;

const podman = await openPodman();
afterAll(() => podman?.close());

describe.each([
  { runtime: 'process', image: 'x', env: {}, skip: false },
  { runtime: 'podman', image: podman?.image ?? '', env: podman?.env ?? {}, skip: !podman },
] as const)('decorated jobs, run by $runtime', { timeout: PATIENCE }, ({ runtime, image, env, skip }) => {
  let stage: Stage;
  let secrets: string;
  beforeAll(async () => {
    if (skip) return;
    secrets = mkdtempSync(path.join(tmpdir(), 'secrets-'));
    mkdirSync(path.join(secrets, 'token'));
    writeFileSync(path.join(secrets, 'token', 'key'), `${SECRET}\n`);
    const flags = [`--local-secrets-dir=${secrets}`];
    stage = await openStage({ config: config(image), runtime, env, flags });
  }, PATIENCE);
  afterAll(async () => {
    if (skip) return;
    await stage.close();
    rmSync(secrets, { recursive: true });
  }, PATIENCE);

  const bucket = () => path.join(stage.dataDir, 'artifacts');
  const builds = (job: Job) => {
    const folder = path.join(bucket(), path.dirname(JOBS[job].folder));
    return readdirSync(folder).filter((name) => /^\d+$/.test(name));
  };
  const stored = (job: Job, name: string) =>
    readFileSync(path.join(bucket(), path.dirname(JOBS[job].folder), builds(job)[0] ?? '', name), 'utf8');
  const json = (job: Job, name: string) => JSON.parse(stored(job, name));

  /** Everything of a job in the bucket, its build's number as BUILD. */
  function tree(job: Job): string[] {
    return readdirSync(bucket(), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(bucket(), path.join(entry.parentPath, entry.name)))
      .filter((name) => name.split(path.sep).includes(job))
      .map((name) => name.replace(builds(job)[0] ?? '', 'BUILD'))
      .sort();
  }

  /** Waits until everybody has written: crier's files come last. */
  async function ended(job: Job): Promise<void> {
    const left = () => [json(job, 'prowjob.json').status.state, json(job, 'podinfo.json').pod.metadata.name !== ''];
    await expect.poll(() => silently(left), { timeout: PATIENCE }).toEqual(['success', true]);
  }

  function expectWhole(job: Job): void {
    const { folder, indexes } = JOBS[job];
    expect(builds(job)).toHaveLength(1);
    expect(tree(job)).toEqual([...indexes, ...RUN.map((name) => `${folder}/${name}`)].sort());
    expect(json(job, 'finished.json')).toMatchObject({ passed: true, result: 'SUCCESS' });
    expect(stored(job, 'artifacts/junit.xml')).toContain('<testsuite name="unit"');
    expect(stored(job, 'build-log.txt')).toBe(`the token is ${'X'.repeat(SECRET.length)}\n`);
    expect(stored(job, 'artifacts/deep/leak.txt')).toBe(`${'X'.repeat(SECRET.length)}\n`);
    for (const name of RUN) expect(stored(job, name), name).not.toContain(SECRET);
  }

  test.skipIf(skip)('a presubmit merges the pull request, and its status leads to its log', async () => {
    stage.comment('alice', BOBS, '/test pre');
    await stage.until(() => stage.statuses(BOBS).pre === 'success');
    await ended('pre');
    expectWhole('pre');
    const { headSha } = stage.pull(BOBS).pull;
    expect(json('pre', 'started.json')).toMatchObject({
      pull: String(BOBS),
      repos: { 'acme/widgets': expect.stringMatching(new RegExp(`^main:[0-9a-f]{40},${BOBS}:${headSha}$`)) },
    });
    const [, main] = json('pre', 'clone-records.json');
    expect(json('pre', 'started.json')['repo-commit']).toBe(main.final_sha);
    expect(stored('pre', 'clone-log.txt')).toContain(`git merge --no-ff ${headSha}`);
    const page = await fetch(stage.link(BOBS, 'pre')).then((answer) => answer.text());
    expect(page).toContain('the token is');
  });

  test.skipIf(skip)('a periodic clones its extra refs', async () => {
    await ended('hourly');
    expectWhole('hourly');
    expect(json('hourly', 'started.json').repos).toEqual({ 'acme/widgets': 'main' });
  });

  test.skipIf(skip)('a postsubmit stands on what was pushed', async () => {
    const { sandbox, repo, person } = stage;
    const files = [{ path: 'NEWS.md', content: 'new\n' }];
    const actor = person('alice');
    const sha = await actions.pushCommit(sandbox.world, { actor, repo, branch: 'main', message: 'News', files });
    await ended('post');
    expectWhole('post');
    expect(json('post', 'finished.json').revision).toBe(sha);
  });

  test.skipIf(skip)('a batch merges all its pull requests', async () => {
    await stage.product.stop();
    const store = new EmbeddedStore({ path: path.join(stage.dataDir, 'prowjobs.db') });
    const [example] = (await store.list({ job: 'pre' }, { limit: 1 })).items;
    const { refs, ...spec } = example?.spec ?? {};
    const pulls = [43, 44].map((number) => ({ number, author: 'bob', sha: stage.pull(number).pull.headSha }));
    await store.create({
      apiVersion: 'prow.k8s.io/v1',
      kind: 'ProwJob',
      metadata: { name: randomUUID(), labels: example?.metadata.labels ?? {} },
      spec: { ...spec, type: 'batch', job: 'both-pulls', refs: { org: 'acme', repo: 'widgets', ...refs, pulls } },
      status: { state: 'triggered', startTime: new Date().toISOString() },
    });
    store.close();
    await stage.product.start();
    await ended('both-pulls');
    expectWhole('both-pulls');
    for (const { sha } of pulls) expect(stored('both-pulls', 'clone-log.txt')).toContain(`git merge --no-ff ${sha}`);
  });

  test.skipIf(skip)('every request is one that GitHub describes', () => {
    expect(stage.complaints).toEqual([]);
  });
});

/** What cannot be read yet is not there. */
function silently<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
