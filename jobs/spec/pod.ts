import type { V1Container, V1PodSpec } from '@kubernetes/client-node';
import { CutwaterError } from '../../core/errors.ts';
import type { ProwJob } from '../api/prowjob.ts';
import type { Pod } from '../pods/backend.ts';
import { decorate } from './decorate.ts';
import { envVars, jobEnv } from './env.ts';
import { podMarksOf } from './labels.ts';

/**
 * The pod that runs a job (Prow: ProwJobToPod). With `outputDir` the pod utilities copy results there instead of uploading them. The pod
 * shares unchanged parts with the job. Throws `invalid` where the job has no pod spec.
 */
export function podOf(job: ProwJob, outputDir = ''): Pod {
  const { pod_spec, decoration_config } = job.spec;
  if (!pod_spec) throw new CutwaterError('invalid', `prowjob "${job.metadata.name}" lacks a pod spec`);
  if (decoration_config && !decoration_config.utility_images)
    throw new CutwaterError(
      'invalid',
      `prowjob "${job.metadata.name}" is to be decorated, but names no utility images`,
    );
  const env = jobEnv(job);
  const base = prepared(pod_spec);
  const spec = decoration_config
    ? decorate(base, job, decoration_config, env, outputDir)
    : { ...base, containers: withEnv(base.containers, env) };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: job.metadata.name ?? '', ...podMarksOf(job) },
    spec: {
      ...spec,
      ...(spec.initContainers && { initContainers: spec.initContainers.map(withMessagePolicy) }),
      containers: spec.containers.map(withMessagePolicy),
    },
  };
}

function prepared(spec: V1PodSpec): V1PodSpec {
  const [only, ...others] = spec.containers ?? [];
  const noToken = spec.automountServiceAccountToken === undefined && !spec.serviceAccountName;
  return {
    ...spec,
    restartPolicy: 'Never',
    containers: only && others.length === 0 ? [{ ...only, name: 'test' }] : (spec.containers ?? []),
    // Kubernetes would mount the default account's token into code of strangers.
    ...(noToken && { automountServiceAccountToken: false }),
  };
}

function withEnv(containers: readonly V1Container[], env: Record<string, string>): V1Container[] {
  const variables = envVars(env);
  return containers.map((container) => ({ ...container, env: [...(container.env ?? []), ...variables] }));
}

/** The end of the log in the pod's status helps where pods are cleaned up. */
function withMessagePolicy(container: V1Container): V1Container {
  return container.terminationMessagePolicy
    ? container
    : { ...container, terminationMessagePolicy: 'FallbackToLogsOnError' };
}
