import type { V1Container, V1ResourceRequirements, V1VolumeMount } from '@kubernetes/client-node';
import { parseDuration } from '../../core/config/duration.ts';
import { goJson } from '../../core/config/go-types.ts';
import type { DecorationConfig, UtilityResources } from '../api/decoration.ts';
import type { Refs } from '../api/refs.ts';
import { jobTypes } from '../config/job-types.ts';
import { envVars } from './env.ts';
import {
  ARTIFACTS,
  CLONE_LOG,
  CLONE_TMP,
  CODE,
  cookieFile,
  credentials,
  LOGS,
  type Mounted,
  OUTPUT,
  secretKey,
  sshKey,
  TOOLS,
} from './volumes.ts';

/** What a pod utility is told, as the JSON that it reads from its variable. */
function optionsEnv(type: string, options: object): string {
  return goJson(jobTypes.encode(type, options));
}

function resourcesOf(config: DecorationConfig, name: keyof UtilityResources): { resources: V1ResourceRequirements } {
  return { resources: config.resources?.[name] ?? {} };
}

/** The container that clones `refs`, and the volumes it needs besides code and logs (Prow: CloneRefs). With `tokenOrgs` its token is for these alone. */
export function clonerefs(
  config: DecorationConfig,
  refs: readonly Refs[],
  tokenOrgs?: readonly string[],
): { container: V1Container; volumes: Mounted[] } {
  const { oauth_token_secret: oauth, github_app_private_key_secret: app, cookiefile_secret: cookie } = config;
  const keys = (config.ssh_key_secrets ?? []).map(sshKey);
  const token = oauth && secretKey(oauth.name ?? '', oauth.key ?? '', '/secrets/oauth');
  const appKey = app && secretKey(app.name ?? '', app.key ?? '', '/secrets/github-app');
  const cookies = cookie ? cookieFile(cookie) : undefined;
  const volumes: Mounted[] = [...keys, token, appKey, CLONE_TMP, cookies].filter((mounted) => mounted !== undefined);
  const options = optionsEnv('CloneOptions', {
    src_root: CODE.mount.mountPath,
    log: CLONE_LOG,
    git_user_name: 'ci-robot',
    git_user_email: 'ci-robot@k8s.io',
    refs,
    key_files: keys.map(({ mount }) => mount.mountPath),
    oauth_token_file: token?.file,
    host_fingerprints: config.ssh_host_fingerprints,
    cookie_path: cookies?.file,
    github_api_endpoints: config.github_api_endpoints?.length
      ? config.github_api_endpoints
      : ['https://api.github.com'],
    github_app_id: config.github_app_id,
    github_app_private_key_file: appKey?.file,
    ...(tokenOrgs && (token || appKey) && { token_orgs: tokenOrgs }),
  });
  const container: V1Container = {
    name: 'clonerefs',
    image: config.utility_images?.clonerefs ?? '',
    ...(cookies && { args: [`--cookiefile=${cookies.file}`] }),
    env: envVars({ CLONEREFS_OPTIONS: options }),
    ...resourcesOf(config, 'clonerefs'),
    volumeMounts: [LOGS.mount, CODE.mount, ...volumes.map(({ mount }) => mount)],
  };
  return { container, volumes };
}

/** How results are stored: what uploaders are told, and the accounts they need (Prow: BlobStorageOptions). */
export interface Storage {
  options: Record<string, unknown>;
  mounts: V1VolumeMount[];
  accounts: Mounted[];
}

export function storageOf(config: DecorationConfig, output: Mounted | undefined): Storage {
  const options = { ...config.gcs_configuration, dry_run: false };
  if (output) return { options: { ...options, local_output_dir: OUTPUT }, mounts: [], accounts: [] };
  const { gcs_credentials_secret: gcs, s3_credentials_secret: s3 } = config;
  const google = gcs ? credentials('gcs-credentials', gcs, '/secrets/gcs') : undefined;
  const amazon = s3 ? credentials('s3-credentials', s3, '/secrets/s3-storage') : undefined;
  const accounts = [google, amazon].filter((account) => account !== undefined);
  return {
    options: { ...options, gcs_credentials_file: google?.file, s3_credentials_file: amazon?.file },
    mounts: accounts.map(({ mount }) => mount),
    accounts,
  };
}

/** Uploads started.json, and ends a run whose clone failed. */
export function initupload(
  config: DecorationConfig,
  storage: Storage,
  clones: boolean,
  output: Mounted | undefined,
  jobSpec: string,
): V1Container {
  const options = optionsEnv('InitUploadOptions', { ...storage.options, ...(clones && { log: CLONE_LOG }) });
  return {
    name: 'initupload',
    image: config.utility_images?.initupload ?? '',
    env: envVars({ JOB_SPEC: jobSpec, INITUPLOAD_OPTIONS: options }),
    ...resourcesOf(config, 'initupload'),
    volumeMounts: [...(clones ? [LOGS.mount] : []), ...storage.mounts, ...(output ? [output.mount] : [])],
  };
}

/** Puts the entrypoint program where the test containers find it. */
export function placeEntrypoint(config: DecorationConfig): V1Container {
  return {
    name: 'place-entrypoint',
    image: config.utility_images?.entrypoint ?? '',
    args: ['--copy-mode-only'],
    ...resourcesOf(config, 'place_entrypoint'),
    volumeMounts: [TOOLS.mount],
  };
}

/** What entrypoint leaves behind for sidecar. */
export interface Wrapper {
  args: string[];
  container_name: string;
  process_log: string;
  marker_file: string;
  metadata_file: string;
}

/** The files of one container; `prefix` tells several containers apart, and is empty for one. */
export function wrapperOf({ name, command = [], args = [] }: V1Container, prefix: string): Wrapper {
  return {
    args: [...command, ...args],
    container_name: name,
    process_log: prefix ? `/logs/${prefix}-log.txt` : '/logs/process-log.txt',
    marker_file: prefix ? `/logs/${prefix}-marker.txt` : '/logs/marker-file.txt',
    metadata_file: prefix ? `${ARTIFACTS}/${prefix}-metadata.json` : `${ARTIFACTS}/metadata.json`,
  };
}

/** The test container as entrypoint runs it (Prow: InjectEntrypoint). */
export function wrapped(
  { command: _, args: __, ...container }: V1Container,
  wrapper: Wrapper,
  config: DecorationConfig,
): V1Container {
  const options = optionsEnv('EntrypointOptions', {
    ...wrapper,
    timeout: nanoseconds(config.timeout),
    grace_period: nanoseconds(config.grace_period),
    artifact_dir: ARTIFACTS,
  });
  return {
    ...container,
    command: ['/tools/entrypoint'],
    env: [...(container.env ?? []), ...envVars({ ENTRYPOINT_OPTIONS: options })],
    volumeMounts: [...(container.volumeMounts ?? []), LOGS.mount, TOOLS.mount],
  };
}

function nanoseconds(duration: string | undefined): number {
  return duration ? Math.round(parseDuration(duration) * 1e6) : 0;
}

/** Waits for the test containers and uploads what they leave (Prow: Sidecar). */
export function sidecar(
  config: DecorationConfig,
  storage: Storage,
  output: Mounted | undefined,
  jobSpec: string,
  wrappers: readonly Wrapper[],
  secrets: readonly V1VolumeMount[],
): V1Container {
  const options = optionsEnv('SidecarOptions', {
    gcs_options: { ...storage.options, items: [ARTIFACTS] },
    entries: wrappers,
    ignore_interrupts: config.upload_ignores_interrupts,
    censoring_options: {
      ...config.censoring_options,
      secret_directories: secrets.map(({ mountPath }) => mountPath),
    },
  });
  return {
    name: 'sidecar',
    image: config.utility_images?.sidecar ?? '',
    env: envVars({ SIDECAR_OPTIONS: options, JOB_SPEC: jobSpec }),
    ...resourcesOf(config, 'sidecar'),
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [LOGS.mount, ...storage.mounts, ...secrets, ...(output ? [output.mount] : [])],
  };
}
