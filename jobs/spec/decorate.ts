import type { V1Container, V1PodSpec, V1VolumeMount } from '@kubernetes/client-node';
import { parseDuration } from '../../core/config/duration.ts';
import type { DecorationConfig } from '../api/decoration.ts';
import { fromRepository } from '../api/from-repository.ts';
import type { ProwJob, ProwJobSpec } from '../api/prowjob.ts';
import type { Refs } from '../api/refs.ts';
import { envVars } from './env.ts';
import { clonePath } from './paths.ts';
import {
  clonerefs,
  initupload,
  placeEntrypoint,
  type Storage,
  sidecar,
  storageOf,
  type Wrapper,
  wrapped,
  wrapperOf,
} from './utilities.ts';
import { ARTIFACTS, CODE, LOGS, type Mounted, outputTo, TOOLS } from './volumes.ts';

/** The pod's spec with the pod utilities around the test containers (Prow: decorate in pkg/pod-utils/decorate/podspec.go). */
export function decorate(
  spec: V1PodSpec,
  { spec: job, metadata }: ProwJob,
  config: DecorationConfig,
  env: Record<string, string>,
  outputDir: string,
): V1PodSpec {
  const output = outputDir ? outputTo(outputDir) : undefined;
  const storage = storageOf(config, output);
  const refs = refsToClone(job, config);
  const cloner = refs.length > 0 ? clonerefs(config, refs, fromRepository(metadata)?.token_orgs) : undefined;
  const jobSpec = env.JOB_SPEC ?? '';
  const variables = envVars({ ...env, ARTIFACTS, GOPATH: CODE.mount.mountPath });
  const tests = (spec.containers ?? []).map((container, _, all) => {
    const own = { ...container, env: [...(container.env ?? []), ...variables] };
    const wrapper = wrapperOf(own, all.length === 1 ? '' : container.name);
    return { wrapper, container: wrapped(own, wrapper, config) };
  });
  const secrets = secretMounts(spec, tests, config);
  const workingDir =
    cloner && clonePath(CODE.mount.mountPath, refs.find(({ workdir }) => workdir) ?? (refs[0] as Refs));
  const containers = tests.map(({ container }) => withResources(withCode(container, workingDir), config));
  return withPodDefaults(
    {
      ...spec,
      volumes: volumesOf(spec, storage, output, cloner?.volumes),
      initContainers: [
        ...(cloner ? [cloner.container] : []),
        ...(spec.initContainers ?? []),
        initupload(config, storage, cloner !== undefined, output, jobSpec),
        placeEntrypoint(config),
      ],
      containers: [
        ...containers,
        sidecar(
          config,
          storage,
          output,
          jobSpec,
          tests.map(({ wrapper }) => wrapper),
          secrets,
        ),
      ],
    },
    config,
  );
}

/** What clonerefs is told to clone. */
export function refsToClone({ refs, extra_refs = [] }: ProwJobSpec, { skip_cloning }: DecorationConfig): Refs[] {
  return skip_cloning ? [] : [...(refs ? [refs] : []), ...extra_refs];
}

/** What sidecar has to see of the test containers' secrets to censor them in logs. */
function secretMounts(
  { volumes = [] }: V1PodSpec,
  tests: readonly { container: V1Container; wrapper: Wrapper }[],
  { censor_secrets }: DecorationConfig,
): V1VolumeMount[] {
  if (!censor_secrets) return [];
  const secret = new Set(volumes.filter((volume) => volume.secret).map(({ name }) => name));
  return tests.flatMap(({ container }) => (container.volumeMounts ?? []).filter(({ name }) => secret.has(name)));
}

function volumesOf(
  { volumes = [] }: V1PodSpec,
  { accounts }: Storage,
  output: Mounted | undefined,
  cloning: readonly Mounted[] | undefined,
) {
  const added = [LOGS, TOOLS, ...accounts, ...(output ? [output] : []), ...(cloning ? [...cloning, CODE] : [])];
  return [...volumes, ...added.map(({ volume }) => volume)];
}

function withCode(container: V1Container, workingDir: string | undefined): V1Container {
  if (workingDir === undefined) return container;
  return { ...container, workingDir, volumeMounts: [...(container.volumeMounts ?? []), CODE.mount] };
}

/** Memory that is asked for where the container does not say, and its limit. */
function withResources(container: V1Container, config: DecorationConfig): V1Container {
  const { default_memory_request: request, set_limit_equals_memory_request: limited } = config;
  const { requests, limits } = container.resources ?? {};
  const memory = requests?.memory ?? request;
  if (memory === undefined) return container;
  return {
    ...container,
    resources: {
      ...container.resources,
      requests: { ...requests, memory },
      ...(limited && { limits: { ...limits, memory } }),
    },
  };
}

function withPodDefaults(spec: V1PodSpec, config: DecorationConfig): V1PodSpec {
  const { run_as_user, run_as_group, fs_group, scheduling_options, default_service_account_name: account } = config;
  const affinity = spec.affinity ?? scheduling_options?.affinity;
  const tolerations = spec.tolerations ?? scheduling_options?.tolerations;
  const seconds = spec.terminationGracePeriodSeconds ?? podGracePeriod(config.grace_period);
  return {
    ...spec,
    securityContext: {
      ...(run_as_user !== undefined && { runAsUser: run_as_user }),
      ...(run_as_group !== undefined && { runAsGroup: run_as_group }),
      ...(fs_group !== undefined && { fsGroup: fs_group }),
      ...spec.securityContext,
    },
    ...(affinity && { affinity }),
    ...(tolerations && { tolerations }),
    ...(seconds !== undefined && { terminationGracePeriodSeconds: seconds }),
    ...(!spec.serviceAccountName && account && { serviceAccountName: account }),
  };
}

/** Four fifths for the test to end, one fifth to upload what it left. */
function podGracePeriod(grace: string | undefined): number | undefined {
  return grace === undefined ? undefined : Math.trunc((Math.trunc(parseDuration(grace) / 1000) * 5) / 4);
}
