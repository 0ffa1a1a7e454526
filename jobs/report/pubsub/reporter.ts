import type { ProwJob, ProwJobState, ProwJobType } from '../../api/prowjob.ts';
import type { Refs } from '../../api/refs.ts';
import type { Reporter } from '../reporter.ts';

const PROJECT = 'prow.k8s.io/pubsub.project';
const TOPIC = 'prow.k8s.io/pubsub.topic';
const RUN_ID = 'prow.k8s.io/pubsub.runID';

/** What is published for each state of a job (Prow: pkg/crier/reporters/pubsub). */
interface ReportMessage {
  project: string;
  topic: string;
  runid: string;
  status: ProwJobState | '';
  url: string;
  gcs_path: string;
  refs?: Refs[];
  job_type: ProwJobType | '';
  job_name: string;
  message?: string;
}

/** Publishes to Pub/Sub. Errors: `user` (no such topic), `transient`. */
export type Publish = (project: string, topic: string, data: Buffer) => Promise<void>;

export interface PubSubReporterDependencies {
  publish: Publish;
  /** The prefix of the job's address that deck shows it under (Prow: Plank.GetJobURLPrefix). */
  urlPrefix(job: ProwJob): string;
}

/** Publishes every state of the jobs that name a project and a topic in their annotations, or as older ones do in their labels. */
export function pubsubReporter({ publish, urlPrefix }: PubSubReporterDependencies): Reporter {
  return {
    name: 'pubsub-reporter',
    shardOf: (job) => `${setting(job, PROJECT)}/${setting(job, TOPIC)}`,
    shouldReport: (job) => setting(job, PROJECT) !== '' && setting(job, TOPIC) !== '',
    async report(job) {
      const message = messageFor(job, urlPrefix(job));
      await publish(message.project, message.topic, Buffer.from(JSON.stringify(message)));
      return { reported: [job] };
    },
  };
}

/** The message about the job in the state it is in. */
function messageFor(job: ProwJob, urlPrefix: string): ReportMessage {
  const { spec, status } = job;
  const refs = [...(spec.refs ? [spec.refs] : []), ...(spec.extra_refs ?? [])];
  return {
    project: setting(job, PROJECT),
    topic: setting(job, TOPIC),
    runid: setting(job, RUN_ID),
    status: status.state ?? '',
    url: status.url ?? '',
    gcs_path: status.url ? storagePath(status.url, urlPrefix) : '',
    ...(refs.length > 0 && { refs }),
    job_type: spec.type ?? '',
    job_name: spec.job ?? '',
    ...(status.description && { message: status.description }),
  };
}

function setting({ metadata }: ProwJob, name: string): string {
  return metadata.annotations?.[name] || metadata.labels?.[name] || '';
}

/** `https://prow/view/gs/bucket/logs/job/1` is `gs://bucket/logs/job/1`. */
function storagePath(url: string, prefix: string): string {
  const shown = url.startsWith(prefix) ? url.slice(prefix.length) : url;
  const path = shown.replace(/^gcs/, 'gs');
  const match = /^(gs|s3)\/(.*)$/s.exec(path);
  return match ? `${match[1]}://${match[2]}` : `gs://${path}`;
}
