import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStorage, type Storage, textOf } from '../../core/storage/index.ts';
import type { ProwJob } from '../../jobs/api/prowjob.ts';
import type { Pod } from '../../jobs/pods/backend.ts';
import { temporaryFolder } from './support/files.ts';
import { imageOf, install, uninstall } from './support/installation.ts';
import { kubectl, kubectlJson } from './support/kubectl.ts';
import { killContainer } from './support/node.ts';
import { openSurroundings, type Surroundings } from './support/surroundings.ts';

// Decorated jobs on the cluster with our pod utilities: clone from the sandbox, run, upload to an S3 server, report.
const PULL = 42;
const LAUNCHER = new URL('../../cli/launch.mjs', import.meta.url).pathname;
const SHOWS = 'head -n 1 README.md; ls /var/run/secrets/kubernetes.io; echo made >"$ARTIFACTS/made.txt"';
const GOES_ON = 'echo begun; while :; do sleep 1; done';
const JOBS: Record<string, { image: string; command: string[] }> = {
  busybox: { image: 'busybox:1.36', command: ['sh', '-c', SHOWS] },
  alone: { image: imageOf('alone'), command: ['/alone'] },
  fails: { image: 'busybox:1.36', command: ['sh', '-c', 'echo no; exit 3'] },
  deleted: { image: 'busybox:1.36', command: ['sh', '-c', GOES_ON] },
  evicted: { image: 'busybox:1.36', command: ['sh', '-c', GOES_ON] },
  orphaned: { image: 'busybox:1.36', command: ['sh', '-c', 'echo begun; sleep 25'] },
  stubborn: { image: 'busybox:1.36', command: ['sh', '-c', `trap '' TERM INT; ${GOES_ON}`] },
};

let around: Surroundings;
let storage: Storage;
beforeAll(async () => {
  around = await openSurroundings();
  storage = createStorage({ s3CredentialsFile: around.s3.credentialsFile });
  const presubmits = Object.entries(JOBS).map(([name, container]) => ({
    name,
    always_run: false,
    decorate: true,
    clone_uri: `${around.sandbox.gitUrl}/acme/widgets.git`,
    spec: { containers: [container] },
  }));
  const jobs = { presubmits: { 'acme/widgets': presubmits } };
  await install({ overlay: 'components', jobs, plugins: ['trigger'] }, around);
});
afterAll(async () => {
  await uninstall().finally(() => around?.close());
});

const jobsOf = async (name: string) => {
  const { items } = await kubectlJson<{ items: ProwJob[] }>(['--namespace=prow', 'get', 'prowjobs']);
  return items.filter(({ spec }) => spec.job === name);
};
const podNamed = (name: string) => kubectlJson<Pod>(['--namespace=test-pods', 'get', 'pod', name]);

/** Asks for the job, and waits until GitHub shows one of the states. */
async function run(name: string, ...states: string[]): Promise<ProwJob> {
  around.comment('alice', PULL, `/test ${name}`);
  await around.until(() => states.includes(around.statuses(PULL)[name] ?? ''));
  const [job] = await jobsOf(name);
  if (!job) throw new Error(`there is no ProwJob of ${name}`);
  return job;
}

/** Asks for a job that goes on, and waits until its own process does. */
async function begin(name: string): Promise<string> {
  const { metadata } = await run(name, 'pending');
  const pod = metadata.name ?? '';
  const log = () => kubectl(['--namespace=test-pods', 'logs', pod, '--container=test']).catch(() => '');
  await expect.poll(log, { timeout: 120_000, interval: 500 }).toContain('begun');
  return pod;
}

const folderOf = ({ spec, status }: ProwJob) =>
  `s3://artifacts/pr-logs/pull/acme_widgets/${PULL}/${spec.job}/${status.build_id}`;
const read = async (job: ProwJob, file: string) => textOf(await storage.read(`${folderOf(job)}/${file}`));
const filesOf = async (job: ProwJob) => {
  const found = await Array.fromAsync(storage.list(`${folderOf(job)}/`));
  return found.map(({ path }) => path.slice(folderOf(job).length + 1));
};

/** The job whose pod this is has ended, and its log and finished.json are in storage. */
async function uploaded(name: string): Promise<{ log: string; finished: { passed: boolean; result: string } }> {
  const job = async () => (await jobsOf(name))[0];
  await expect
    .poll(async () => (await job())?.status.completionTime, { timeout: 180_000, interval: 500 })
    .toBeDefined();
  const ended = await job();
  if (!ended) throw new Error(`there is no ProwJob of ${name}`);
  await expect
    .poll(() => filesOf(ended), { timeout: 60_000, interval: 500 })
    .toEqual(expect.arrayContaining(['build-log.txt', 'finished.json']));
  return { log: await read(ended, 'build-log.txt'), finished: JSON.parse(await read(ended, 'finished.json')) };
}

describe('a decorated presubmit', () => {
  it('clones, runs, uploads and reports', async () => {
    const job = await run('busybox', 'success', 'failure', 'error');
    expect(job.status).toMatchObject({ state: 'success', description: 'Job succeeded.' });
    const files = ['build-log.txt', 'started.json', 'finished.json', 'prowjob.json', 'podinfo.json'];
    const more = ['clone-log.txt', 'clone-records.json', 'sidecar-logs.json', 'artifacts/made.txt'];
    await expect.poll(() => filesOf(job), { timeout: 60_000 }).toEqual([...files, ...more].sort());
    const log = await read(job, 'build-log.txt');
    expect(log).toMatch(/^# /);
    // A job has no token for the API server.
    expect(log).toContain('/var/run/secrets/kubernetes.io: No such file or directory');
    expect(await read(job, 'artifacts/made.txt')).toBe('made\n');
    expect(JSON.parse(await read(job, 'finished.json'))).toMatchObject({ passed: true, result: 'SUCCESS' });
  });

  it('has the pod that `cutwater mkpod` prints', async () => {
    const [job] = await jobsOf('busybox');
    const folder = await temporaryFolder();
    await writeFile(`${folder.path}/job.json`, JSON.stringify(job));
    const args = [LAUNCHER, 'mkpod', `--prow-job=${folder.path}/job.json`];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const { metadata, spec } = load(stdout) as Pod;
    const pod = await podNamed(job?.status.pod_name ?? '');
    expect(pod.spec).toMatchObject(spec);
    expect(pod.metadata.labels).toMatchObject(metadata.labels ?? {});
    expect(pod.metadata.annotations).toMatchObject(metadata.annotations ?? {});
    await folder.remove();
  });

  it('runs in an image that holds nothing but its own program', async () => {
    const job = await run('alone', 'success', 'failure', 'error');
    expect(job.status.state).toBe('success');
    expect(await read(job, 'build-log.txt')).toMatch(/^alone with # /);
    expect(await read(job, 'artifacts/alone.txt')).toBe('left by a program that was alone\n');
  });

  it('fails with its process', async () => {
    const job = await run('fails', 'success', 'failure', 'error');
    expect(job.status).toMatchObject({ state: 'failure', description: 'Job failed.' });
    expect(await read(job, 'build-log.txt')).toContain('no\n');
  });
});

describe('the log is in storage', () => {
  const evict = (pod: string) => {
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod, namespace: 'test-pods' } };
    return kubectl(
      ['create', '--raw', `/api/v1/namespaces/test-pods/pods/${pod}/eviction`, '-f', '-'],
      JSON.stringify(eviction),
    );
  };
  const abort = async (pod: string) =>
    kubectl(['--namespace=prow', 'patch', 'prowjob', pod, '--type=merge', '--patch={"status":{"state":"aborted"}}']);
  const remove = (pod: string) => kubectl(['--namespace=test-pods', 'delete', 'pod', pod, '--wait=false']);

  it.each([
    ['of a pod that is deleted from outside', 'deleted', remove, false],
    ['of a pod that is evicted', 'evicted', evict, false],
    ['of a job that is aborted and hears no signal', 'stubborn', abort, false],
    [
      'of a job whose sidecar is killed',
      'orphaned',
      (pod: string) => killContainer('test-pods', pod, 'sidecar'),
      false,
    ],
  ])('%s', async (_, name, end, passed) => {
    const pod = await begin(name);
    if (name === 'orphaned')
      await expect
        .poll(async () => await filesOf((await jobsOf(name))[0] as ProwJob), { timeout: 60_000 })
        .toContain('build-log.txt');
    await end(pod);
    const { log, finished } = await uploaded(name);
    expect(log).toContain('begun\n');
    expect(finished.passed).toBe(passed);
  });
});
