import { CutwaterError } from '../../../core/errors.ts';
import type { JobBase, Jobs } from '../../../jobs/config/job.ts';
import { jobs } from '../../../jobs/config/jobs.ts';
import { plank } from '../../../jobs/config/plank.ts';
import { decorationProblem } from '../../../jobs/config/validate-decoration.ts';
import type { Check, Checked, Finding } from './check.ts';

const KUBERNETES = 'kubernetes';
/** Prow labels its resources with the job's name, and labels hold no more. */
const LONGEST_LABEL = 63;

interface Listed {
  kind: 'Presubmit' | 'Postsubmit' | 'Periodic';
  repo?: string | undefined;
  job: JobBase;
}

function everyJob({ presubmits, postsubmits, periodics }: Jobs): Listed[] {
  return [
    ...[...presubmits].flatMap(([repo, list]) => list.map((job): Listed => ({ kind: 'Presubmit', repo, job }))),
    ...[...postsubmits].flatMap(([repo, list]) => list.map((job): Listed => ({ kind: 'Postsubmit', repo, job }))),
    ...periodics.map((job): Listed => ({ kind: 'Periodic', job })),
  ];
}

/** A check that looks at each job by itself. */
function ofEachJob(say: (listed: Listed, checked: Checked) => string | undefined): Check['run'] {
  return (checked) =>
    everyJob(checked.config.get(jobs)).flatMap((listed): Finding[] => {
      const message = say(listed, checked);
      return message === undefined ? [] : [{ message, job: listed.job }];
    });
}

function extraRefsProblem({ kind, repo = '', job }: Listed): string | undefined {
  if (kind !== 'Presubmit') return undefined;
  const refs = [repo, ...(job.extra_refs ?? []).map((ref) => `${ref.org}/${ref.repo}`)];
  const twice = [...new Set(refs.filter((ref, index) => refs.indexOf(ref) !== index))].sort();
  if (twice.length === 0) return undefined;
  return `invalid job ${job.name} on repo ${repo}: the following refs specified more than once: ${twice.join(',')}`;
}

function cloneProblem({ kind, job }: Listed): string | undefined {
  if (kind !== 'Periodic' || !(job.clone_depth || job.clone_uri || job.path_alias)) return undefined;
  return `periodic jobs might clone 0, 1, or more repos, top level \`clone_depth\`, \`clone_uri\`, and \`path_alias\` don't have any effect. Name: "${job.name}"`;
}

function lengthProblem({ kind, repo, job }: Listed): string | undefined {
  if (job.agent !== KUBERNETES || job.name.length <= LONGEST_LABEL) return undefined;
  const place = repo === undefined ? '' : ` (for repo "${repo}")`;
  return `name of ${kind} job "${job.name}"${place} too long (should be at most ${LONGEST_LABEL} characters)`;
}

function decoratedProblem({ job }: Listed): string | undefined {
  if (job.agent !== KUBERNETES || job.decorate) return undefined;
  return `the job ${job.name} uses the kubernetes provider but does not use the pod utilities`;
}

function decorationConfigProblem({ job }: Listed): string | undefined {
  if (job.agent !== KUBERNETES || !job.decorate) return undefined;
  const { spec: _, ...withoutPod } = job;
  const problem = decorationProblem(withoutPod);
  return problem && `job ${job.name}: ${problem}`;
}

function annotationsProblem({ job }: Listed, { requiredAnnotations }: Checked): string | undefined {
  const missing = requiredAnnotations.filter((name) => !Object.hasOwn(job.annotations ?? {}, name));
  if (missing.length === 0) return undefined;
  return `job '${job.name}' is missing required annotations: ${missing.join(', ')}`;
}

async function clusterFindings(checked: Checked): Promise<Finding[]> {
  const statuses = await clusterStatuses(checked);
  return everyJob(checked.config.get(jobs)).flatMap(({ repo = 'invalid periodic job', job }): Finding[] => {
    const message = clusterProblem(job, statuses);
    return message ? [{ message: `${repo}: ${message}`, job }] : [];
  });
}

function clusterProblem(job: JobBase, statuses: Readonly<Record<string, string>> | undefined): string | undefined {
  if (job.agent === 'jenkins' && job.cluster && job.cluster !== 'default')
    return `${job.name}: cannot set cluster field if agent is ${job.agent}`;
  if (!statuses || Object.hasOwn(statuses, job.cluster)) return undefined;
  return `job configuration for "${job.name}" specifies unknown 'cluster' value "${job.cluster}"`;
}

/** What plank last wrote of its build clusters; nothing before it has written. */
async function clusterStatuses({ config, remote }: Checked): Promise<Record<string, string> | undefined> {
  const file = config.get(plank).build_cluster_status_file;
  const text = file ? await remote.object(file) : undefined;
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Record<string, string>;
  } catch (cause) {
    throw new CutwaterError('config', `error unmarshalling build cluster status file ${file}`, { cause });
  }
}

/** What is odd about jobs. */
export const jobChecks: readonly Check[] = [
  { name: 'non-decorated-jobs', when: 'default', run: ofEachJob(decoratedProblem) },
  { name: 'valid-decoration-config', when: 'optional', run: ofEachJob(decorationConfigProblem) },
  { name: 'long-job-names', when: 'default', run: ofEachJob(lengthProblem) },
  { name: 'duplicate-job-refs', when: 'default', run: ofEachJob(extraRefsProblem) },
  { name: 'periodic-default-clone-config', when: 'default', run: ofEachJob(cloneProblem) },
  { name: 'required-job-annotations', when: 'default', run: ofEachJob(annotationsProblem) },
  { name: 'validate-cluster-field', when: 'default', run: clusterFindings },
];
