import { randomUUID } from 'node:crypto';
import type { Config } from '../../core/config/config.ts';
import { CutwaterError } from '../../core/errors.ts';
import { boolFlag, describeFlags, type FlagValues, parseFlags, stringFlag } from '../../core/flags.ts';
import { createLogger } from '../../core/log.ts';
import { createMetrics } from '../../core/metrics.ts';
import type { ProwJob, ProwJobSpec } from '../../jobs/api/prowjob.ts';
import { prowjobNamespace, scheduler } from '../../jobs/config/general.ts';
import type { JobBase } from '../../jobs/config/job.ts';
import { jobTypes } from '../../jobs/config/job-types.ts';
import { jobs } from '../../jobs/config/jobs.ts';
import { newProwJob } from '../../jobs/spec/prowjob.ts';
import { periodicSpec, postsubmitSpec, presubmitSpec } from '../../jobs/spec/spec.ts';
import { configFlags, githubFlags } from '../start/flags.ts';
import { openGitHub } from '../start/github.ts';
import { Asker } from './ask.ts';
import { completeRefs, type RefsSources } from './complete-refs.ts';
import { loadFromFlags } from './load.ts';
import { write } from './output.ts';
import { baseRefs, pullRefs, REFS_FLAGS, type RefsFlags } from './refs.ts';
import { submitAndWait } from './submit.ts';
import { toYaml } from './yaml-output.ts';

const FLAGS = {
  ...configFlags,
  ...githubFlags,
  ...REFS_FLAGS,
  job: stringFlag('Job to run.', 'NAME'),
  'trigger-job': boolFlag('Submit the job to Prow and wait for results'),
  'fail-with-job': boolFlag('Exit with a non-zero exit code if the triggered job fails'),
  kubeconfig: stringFlag('the cluster that the job is submitted to', 'FILE'),
};

type Flags = FlagValues<typeof FLAGS>;

/** `cutwater mkpj`: the ProwJob of a job, as YAML, or submitted and waited for (Prow: cmd/mkpj). */
export async function run(argv: string[]): Promise<number> {
  if (argv.includes('--help')) {
    await write(`usage: cutwater mkpj --job=NAME --config-path=FILE [FLAGS]\n\n${describeFlags(FLAGS)}\n`);
    return 0;
  }
  const { values } = parseFlags(FLAGS, argv);
  if (!values.job) throw new CutwaterError('usage', '--job is needed');
  const config = loadFromFlags(values);
  const found = findJob(config, values.job, values);
  if (!found) throw new CutwaterError('not-found', `Job ${values.job} not found.`);
  const job = await prowJobOf(config, found, values);
  if (!values['trigger-job']) {
    await write(toYaml(jobTypes.encode('ProwJob', job)));
    return 0;
  }
  const status = await submitAndWait(job, config.get(prowjobNamespace), values.kubeconfig);
  await write(toYaml(status));
  return status.state !== 'success' && values['fail-with-job'] ? 1 : 0;
}

interface Found {
  base: JobBase;
  spec: ProwJobSpec;
}

/** The first job of that name: presubmits before postsubmits before periodics. */
function findJob(config: Config, name: string, flags: RefsFlags): Found | undefined {
  const { presubmits, postsubmits, periodics } = config.get(jobs);
  for (const [repo, list] of presubmits) {
    const job = list.find((candidate) => candidate.name === name);
    if (job) return { base: job, spec: presubmitSpec(job, pullRefs(repo, flags)) };
  }
  for (const [repo, list] of postsubmits) {
    const job = list.find((candidate) => candidate.name === name);
    if (job) return { base: job, spec: postsubmitSpec(job, baseRefs(repo, flags)) };
  }
  const job = periodics.find((candidate) => candidate.name === name);
  return job && { base: job, spec: periodicSpec(job) };
}

async function prowJobOf(config: Config, { base, spec }: Found, flags: Flags): Promise<ProwJob> {
  const sources = new Sources(flags);
  try {
    return newProwJob(await completeRefs(spec, sources), {
      name: randomUUID(),
      labels: base.labels,
      annotations: base.annotations,
      now: `${new Date().toISOString().slice(0, 19)}Z`,
      scheduling: config.get(scheduler).enabled,
    });
  } finally {
    sources.close();
  }
}

/** The terminal and GitHub, opened only where something is missing. */
class Sources implements RefsSources {
  readonly #flags: Flags;
  #asker: Asker | undefined;
  #github: ReturnType<typeof openGitHub> | undefined;

  constructor(flags: Flags) {
    this.#flags = flags;
  }

  ask(question: string): Promise<string> {
    this.#asker ??= new Asker();
    return this.#asker.ask(question);
  }

  async pull(org: string, repo: string, number: number) {
    const octokit = await this.#open().forOrg(org);
    const { data } = await octokit.rest.pulls.get({ owner: org, repo, pull_number: number });
    return { author: data.user.login, sha: data.head.sha, baseRef: data.base.ref, baseSha: data.base.sha };
  }

  async branchSha(org: string, repo: string, branch: string): Promise<string> {
    const octokit = await this.#open().forOrg(org);
    const { data } = await octokit.rest.git.getRef({ owner: org, repo, ref: `heads/${branch}` });
    return data.object.sha;
  }

  close(): void {
    this.#asker?.close();
    this.#github?.close();
  }

  #open(): ReturnType<typeof openGitHub> {
    this.#github ??= openGitHub(this.#flags, undefined, createLogger('mkpj'), createMetrics());
    return this.#github;
  }
}
