import { goUrlProblem } from '../../core/config/go-url.ts';
import { CREATED_BY_PROW, JOB_ID, JOB_TYPE } from '../api/labels.ts';
import type { ProwJobType, RerunAuthConfig } from '../api/prowjob.ts';
import { presetProblems } from './finish.ts';
import type { JobBase } from './job.ts';
import { isLabelValue, isQualifiedName } from './names.ts';
import type { Plank } from './plank.ts';
import { decorationProblem } from './validate-decoration.ts';
import { pipelineProblem, pipelineSpecOf } from './validate-pipeline.ts';
import { podProblems } from './validate-pod.ts';

const NAME = /^[A-Za-z0-9\-._]+$/;
const JENKINS_NAME = /^[A-Za-z0-9\-._]([A-Za-z0-9\-._/]*[A-Za-z0-9\-_])?$/;
const RESERVED_LABELS = [JOB_TYPE, CREATED_BY_PROW, JOB_ID];
const AGENTS = new Set(['kubernetes', 'jenkins', 'tekton-pipeline']);

/** What jobs are held against. */
export interface JobRules {
  plank: Plank;
  podNamespace: string;
}

/** What is wrong with what jobs of every kind have (Prow: validateJobBase); the first finding, or all of the pod's. */
export function validateBase(job: JobBase, type: ProwJobType, rules: JobRules): string[] {
  const preset = presetProblems.get(job);
  const early =
    preset !== undefined
      ? `job ${job.name} failed to merge presets for podspec: ${preset}`
      : (nameProblem(job) ?? concurrencyProblem(job) ?? agentProblem(job, rules));
  if (early) return [early];
  const pod = job.spec ? podProblems(type, job.spec, job.decoration_config) : [];
  if (pod.length > 0) return pod;
  const late =
    (job.agent === 'tekton-pipeline' ? pipelineProblem(type, job) : undefined) ??
    labelProblem(job.labels) ??
    annotationProblem(job.annotations) ??
    queueProblem(job, rules) ??
    (job.spec?.containers?.length ? decoratedProblem(job) : undefined);
  return late ? [late] : [];
}

function decoratedProblem(job: JobBase): string | undefined {
  return rerunProblem(job.rerun_auth_config) ?? cloneProblem(job) ?? decorationProblem(job);
}

function nameProblem({ name, agent }: JobBase): string | undefined {
  const pattern = agent === 'jenkins' ? JENKINS_NAME : NAME;
  return pattern.test(name) ? undefined : `name: must match regex "${pattern.source}"`;
}

function concurrencyProblem({ max_concurrency = 0 }: JobBase): string | undefined {
  return max_concurrency < 0 ? `max_concurrency: ${max_concurrency} must be a non-negative number` : undefined;
}

function agentProblem(job: JobBase, { podNamespace }: JobRules): string | undefined {
  const { agent } = job;
  if (!AGENTS.has(agent)) return undefined;
  const pipeline = pipelineSpecOf(job) !== undefined;
  if (job.spec && agent !== 'kubernetes') return `job specs require agent: kubernetes (found "${agent}")`;
  if (agent === 'kubernetes' && !job.spec) return 'kubernetes jobs require a spec';
  if (pipeline && agent !== 'tekton-pipeline')
    return `job pipeline_run_spec require agent: tekton-pipeline (found "${agent}")`;
  if (agent === 'tekton-pipeline' && !pipeline) return 'agent: tekton-pipeline jobs require a pipeline_run_spec';
  if (job.decoration_config && agent !== 'kubernetes')
    return `decoration requires agent: kubernetes (found "${agent}")`;
  if (job.error_on_eviction && agent !== 'kubernetes')
    return `error_on_eviction only applies to agent: kubernetes (found "${agent}")`;
  if (job.namespace !== podNamespace && agent !== 'tekton-pipeline')
    return `namespace customization requires agent: tekton-pipeline (found "${agent}")`;
  return undefined;
}

function labelProblem(labels: Record<string, string> = {}): string | undefined {
  for (const [key, value] of Object.entries(labels)) {
    if (RESERVED_LABELS.includes(key)) return `label ${key} is reserved for decoration`;
    if (!isQualifiedName(key)) return `invalid label ${key}`;
    if (!isLabelValue(value)) return `label ${key} has invalid value ${value}`;
  }
  return undefined;
}

function annotationProblem(annotations: Record<string, string> = {}): string | undefined {
  const wrong = Object.keys(annotations).find((key) => !isQualifiedName(key));
  return wrong === undefined ? undefined : `invalid annotation key "${wrong}"`;
}

function queueProblem({ job_queue_name }: JobBase, { plank }: JobRules): string | undefined {
  if (!job_queue_name || Object.hasOwn(plank.job_queue_capacities, job_queue_name)) return undefined;
  return `invalid job queue name ${job_queue_name}`;
}

/** Prow: RerunAuthConfig.Validate. */
function rerunProblem(config: RerunAuthConfig | undefined): string | undefined {
  if (!config?.allow_anyone) return undefined;
  const { github_users, github_team_ids, github_team_slugs, github_orgs } = config;
  const named = [github_users, github_team_ids, github_team_slugs, github_orgs].some((list) => list?.length);
  return named ? 'allow anyone is set to true and permitted users or groups are specified' : undefined;
}

/** As in Prow, extra refs are looked at only where the job has a clone_uri of its own. */
function cloneProblem({ clone_uri, extra_refs, decoration_config }: JobBase): string | undefined {
  if (!clone_uri) return undefined;
  const overHttp = decoration_config?.oauth_token_secret !== undefined;
  const own = uriProblem(clone_uri, overHttp);
  if (own) return own;
  for (const [index, ref] of (extra_refs ?? []).entries()) {
    const problem = uriProblem(ref.clone_uri ?? '', overHttp);
    if (problem) return `extra_ref[${index}]: ${problem}`;
  }
  return undefined;
}

function uriProblem(uri: string, overHttp: boolean): string | undefined {
  const bare = uri.slice(uri.indexOf('@') + 1);
  const problem = goUrlProblem(bare);
  if (problem) return `couldn't parse uri from clone_uri: parse ${JSON.stringify(bare)}: ${problem}`;
  if (overHttp && !/^https?:/i.test(bare))
    return `scheme must be http or https when OAuth secret is specified: ${bare}`;
  return undefined;
}
