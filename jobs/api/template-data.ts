import { FIELD, type Struct } from '../../core/config/template/value.ts';
import { byName } from './by-name.ts';
import type { ProwJob } from './prowjob.ts';
import { type Refs, refsToString } from './refs.ts';

type Reader = (value: unknown) => unknown;
type Fields = Record<string, [json: string, read: Reader]>;

/** A ProwJob as Go templates in the configuration see it: `.Spec.Refs.Org`, `.Status.State`, `.Labels`, with Go's zero values. */
export function prowJobTemplateData(job: ProwJob): Struct {
  const own = struct({
    Kind: ['kind', text],
    APIVersion: ['apiVersion', text],
    Spec: ['spec', SPEC],
    Status: ['status', STATUS],
  });
  const embedded = META(job.metadata) as Struct;
  const outer = own(job) as Struct;
  const named: Record<string, unknown> = {
    ObjectMeta: embedded,
    TypeMeta: outer,
    Complete: job.status.completionTime !== undefined,
    ClusterAlias: job.spec.cluster || 'default',
  };
  return {
    [FIELD]: (name) =>
      Object.hasOwn(named, name) ? { value: named[name] } : (outer[FIELD](name) ?? embedded[FIELD](name)),
  };
}

function struct(fields: Fields): Reader {
  return (value) => {
    const object = (value ?? {}) as Record<string, unknown>;
    return {
      [FIELD](name: string) {
        const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
        return field && { value: field[1](object[field[0]]) };
      },
      toString: () =>
        `{${Object.values(fields)
          .map(([json, read]) => String(read(object[json])))
          .join(' ')}}`,
    };
  };
}

const text: Reader = (value) => value ?? '';
const number: Reader = (value) => value ?? 0;
const bool: Reader = (value) => value ?? false;
const map: Reader = (value) => value ?? {};
const list: Reader = (value) => value ?? [];
const pointer =
  (read: Reader): Reader =>
  (value) =>
    value === undefined || value === null ? null : read(value);
const listOf =
  (read: Reader): Reader =>
  (value) =>
    ((value as unknown[] | undefined) ?? []).map(read);

/** A time prints as Go prints it: `2006-01-02 15:04:05 +0000 UTC`. */
const time: Reader = (value) => {
  const date = value === undefined ? new Date(-62135596800000) : new Date(String(value));
  return {
    [FIELD]: (name: string) => (name === 'Unix' ? { value: Math.floor(date.getTime() / 1000) } : undefined),
    toString: () => `${date.toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`,
  };
};

const META = struct({
  Name: ['name', text],
  Namespace: ['namespace', text],
  UID: ['uid', text],
  Labels: ['labels', map],
  Annotations: ['annotations', map],
  CreationTimestamp: ['creationTimestamp', time],
});
const PULL = struct({
  Number: ['number', number],
  Author: ['author', text],
  SHA: ['sha', text],
  Title: ['title', text],
  Ref: ['ref', text],
  HeadRef: ['head_ref', text],
  Link: ['link', text],
  CommitLink: ['commit_link', text],
  AuthorLink: ['author_link', text],
});
const REFS_FIELDS = struct({
  Org: ['org', text],
  Repo: ['repo', text],
  RepoLink: ['repo_link', text],
  BaseRef: ['base_ref', text],
  BaseSHA: ['base_sha', text],
  BaseLink: ['base_link', text],
  Pulls: ['pulls', listOf(PULL)],
  PathAlias: ['path_alias', text],
  WorkDir: ['workdir', bool],
  Auxiliary: ['auxiliary', bool],
  CloneURI: ['clone_uri', text],
  SkipSubmodules: ['skip_submodules', bool],
  CloneDepth: ['clone_depth', number],
  SkipFetchHead: ['skip_fetch_head', bool],
});
/** Refs have methods, and print themselves as `master:abc,5:def`. */
const REFS: Reader = (value) => {
  const refs = value as Refs;
  const fields = REFS_FIELDS(refs) as Struct;
  const methods: Record<string, string> = {
    String: refsToString(refs),
    OrgRepoString: refs.repo ? `${refs.org}/${refs.repo}` : refs.org,
  };
  return {
    [FIELD]: (name: string) => (name in methods ? { value: methods[name] } : fields[FIELD](name)),
    toString: () => refsToString(refs),
  };
};
const GCS_CONFIGURATION = struct({
  Bucket: ['bucket', text],
  PathPrefix: ['path_prefix', text],
  PathStrategy: ['path_strategy', text],
  DefaultOrg: ['default_org', text],
  DefaultRepo: ['default_repo', text],
  MediaTypes: ['mediaTypes', map],
  CompressFileTypes: ['compress_file_types', list],
  JobURLPrefix: ['job_url_prefix', text],
  LocalOutputDir: ['local_output_dir', text],
});
const DECORATION = struct({
  UtilityImages: ['utility_images', pointer(byName)],
  Resources: ['resources', pointer(byName)],
  DefaultServiceAccountName: ['default_service_account_name', pointer(text)],
  SSHKeySecrets: ['ssh_key_secrets', list],
  SSHHostFingerprints: ['ssh_host_fingerprints', list],
  BloblessFetch: ['blobless_fetch', pointer(bool)],
  SkipCloning: ['skip_cloning', pointer(bool)],
  CookiefileSecret: ['cookiefile_secret', pointer(text)],
  GitHubAppID: ['github_app_id', text],
  CensorSecrets: ['censor_secrets', pointer(bool)],
  UploadIgnoresInterrupts: ['upload_ignores_interrupts', pointer(bool)],
  Timeout: ['timeout', text],
  GracePeriod: ['grace_period', text],
  GCSConfiguration: ['gcs_configuration', pointer(GCS_CONFIGURATION)],
  GCSCredentialsSecret: ['gcs_credentials_secret', text],
  S3CredentialsSecret: ['s3_credentials_secret', text],
});
const SLACK = struct({
  Host: ['host', text],
  Channel: ['channel', text],
  JobStatesToReport: ['job_states_to_report', list],
  ReportTemplate: ['report_template', text],
});
const SPEC = struct({
  Type: ['type', text],
  Agent: ['agent', text],
  Cluster: ['cluster', text],
  Namespace: ['namespace', text],
  Job: ['job', text],
  Refs: ['refs', pointer(REFS)],
  ExtraRefs: ['extra_refs', listOf(REFS)],
  Report: ['report', bool],
  Context: ['context', text],
  RerunCommand: ['rerun_command', text],
  MaxConcurrency: ['max_concurrency', number],
  ErrorOnEviction: ['error_on_eviction', bool],
  PodSpec: ['pod_spec', pointer(byName)],
  JenkinsSpec: ['jenkins_spec', pointer(byName)],
  DecorationConfig: ['decoration_config', pointer(DECORATION)],
  ReporterConfig: ['reporter_config', pointer(struct({ Slack: ['slack', pointer(SLACK)] }))],
  RerunAuthConfig: ['rerun_auth_config', pointer(byName)],
  Hidden: ['hidden', bool],
  ProwJobDefault: ['prowjob_defaults', pointer(byName)],
  JobQueueName: ['job_queue_name', text],
});
const STATUS = struct({
  StartTime: ['startTime', time],
  PendingTime: ['pendingTime', pointer(time)],
  CompletionTime: ['completionTime', pointer(time)],
  State: ['state', text],
  Description: ['description', text],
  URL: ['url', text],
  PodRevivalCount: ['pod_revival_count', number],
  PodName: ['pod_name', text],
  BuildID: ['build_id', text],
  JenkinsBuildID: ['jenkins_build_id', text],
  PrevReportStates: ['prev_report_states', map],
});
