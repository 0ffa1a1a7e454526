import { hasCode, messageOf } from '../../../core/errors.ts';
import type { Logger } from '../../../core/log.ts';
import { type Storage, textOf } from '../../../core/storage/index.ts';
import { isComplete, type ProwJob } from '../../api/prowjob.ts';
import { revisionOf } from '../../artifacts/job-spec.ts';
import { type Finished, type Started, startedFor } from '../../artifacts/metadata.ts';
import { type Reporter, repositoryShard } from '../reporter.ts';

const JSON_TYPE = { contentType: 'application/json' };
/** Tells our files from those that the pod writes about itself, which count for more. */
const UPLOADER = { uploader: 'crier' };

export interface StorageReporterDependencies {
  storage: Storage;
  /** The folder of the job's run in storage, where it has one. */
  folder(job: ProwJob): string | undefined;
  log: Logger;
}

/** Writes prowjob.json, and started.json and finished.json where the pod has not written its own. Prow: pkg/crier/reporters/gcs. */
export function storageReporter(deps: StorageReporterDependencies): Reporter {
  return {
    name: 'gcsreporter',
    shardOf: repositoryShard,
    shouldReport: ({ status }) => Boolean(status.build_id),
    async report(job) {
      const folder = deps.folder(job);
      if (folder === undefined) {
        deps.log.info({ prowjob: job.metadata.name }, 'not uploading prowjob because it has no destination');
        return { reported: [job] };
      }
      await writeStarted(job, folder, deps);
      if (isComplete(job)) await writeFinished(job, folder, deps);
      await deps.storage.write(`${folder}/prowjob.json`, pretty(job), JSON_TYPE);
      return { reported: [job] };
    },
  };
}

/** Written before the pod can write its own; written again only over our own, once the clone records say which commit was tested. */
async function writeStarted(
  job: ProwJob,
  folder: string,
  { storage, log }: StorageReporterDependencies,
): Promise<void> {
  const path = `${folder}/started.json`;
  const existing = await readJson<Started>(path, storage, log);
  if (existing && existing.metadata?.uploader !== UPLOADER.uploader) return;
  const { refs, extra_refs: extra } = job.spec;
  const resolved = existing?.['repo-commit'];
  if (!refs || (resolved && resolved !== revisionOf(refs, extra))) return;
  const records =
    (await readJson<Parameters<typeof startedFor>[1]>(`${folder}/clone-records.json`, storage, log)) ?? [];
  const started = startedFor({ refs, extra_refs: extra }, records, seconds(job.status.startTime));
  await unlessThere(
    storage.write(path, pretty({ ...started, metadata: UPLOADER }), { ...JSON_TYPE, ifAbsent: !existing }),
  );
}

async function writeFinished(job: ProwJob, folder: string, { storage }: StorageReporterDependencies): Promise<void> {
  const finished: Finished = {
    timestamp: seconds(job.status.completionTime),
    passed: job.status.state === 'success',
    result: job.status.state ?? '',
    metadata: UPLOADER,
  };
  await unlessThere(storage.write(`${folder}/finished.json`, pretty(finished), { ...JSON_TYPE, ifAbsent: true }));
}

async function unlessThere(writing: Promise<void>): Promise<void> {
  try {
    await writing;
  } catch (error) {
    if (!hasCode(error, 'conflict')) throw error;
  }
}

/** What the object holds; undefined where it is missing or no JSON. */
async function readJson<T>(path: string, storage: Storage, log: Logger): Promise<T | undefined> {
  try {
    return JSON.parse(await textOf(await storage.read(path))) as T;
  } catch (error) {
    if (hasCode(error, 'transient')) throw error;
    if (!hasCode(error, 'not-found')) log.warn({ path, error: messageOf(error) }, 'failed to read from storage');
    return undefined;
  }
}

function seconds(time: string | undefined): number {
  return Math.floor(Date.parse(time ?? '') / 1000) || 0;
}

function pretty(value: unknown): string {
  return JSON.stringify(value, null, '\t');
}
