import type { Storage } from '../../../core/storage/index.ts';
import { type JobSpec, jobSpecFromEnv } from '../../artifacts/job-spec.ts';
import { type UploadTarget, upload } from '../../artifacts/upload.ts';
import { exitCode, loadOptions } from '../options.ts';
import { type Env, processRuntime, type UtilityRuntime } from '../runtime.ts';
import { destinationFor } from './destination.ts';
import { storageFor, UPLOAD_SHAPE, type UploadOptions, uploadFlags, validateUpload } from './options.ts';
import { artifactTargets, compressed, type FileSources, plainSources } from './targets.ts';

/** Objects written side by side; Prow takes four, which leaves ten thousand small artifacts waiting for the network. */
const CONCURRENCY = 16;

/** Pauses between the rounds of an upload, in milliseconds: a storage that is away for some minutes loses nothing. */
export const UPLOAD_PAUSES: readonly number[] = [1, 4, 9, 16, 25, 36, 49, 64].map((seconds) => seconds * 1000);

/** What one upload of a run consists of. Groups follow each other: who sees an object of a later group can rely on the earlier ones. */
export interface RunUpload {
  options: UploadOptions;
  spec: JobSpec;
  storage: Storage;
  /** Written first. Names are below the run's folder. */
  before?: readonly UploadTarget[];
  /** Written last. */
  after?: readonly UploadTarget[];
  sources?: FileSources;
  concurrency?: number;
  pauses?: readonly number[];
}

/** Uploads the items, what comes before and after them, and the indexes. Throws after everything that could be written is. */
export async function uploadRun(run: RunUpload, { log }: Pick<UtilityRuntime, 'log'>): Promise<void> {
  const destination = destinationFor(run.options, run.spec);
  const place = (target: UploadTarget) => ({ ...target, path: destination.path(target.path) });
  const items = await artifactTargets(run.options, destination, run.sources ?? plainSources, log);
  const groups = [(run.before ?? []).map(place), [...destination.indexes, ...items], (run.after ?? []).map(place)].map(
    (group) => group.map((target) => compressed(target, run.options)),
  );
  const plan = { concurrency: run.concurrency ?? CONCURRENCY, pauses: run.pauses ?? UPLOAD_PAUSES };
  const start = Date.now();
  const problems: unknown[] = [];
  for (const group of groups) {
    if (run.options.dry_run) for (const { path } of group) log.info({ dest: path }, 'would upload');
    else await upload(run.storage, group, plan).catch((error: unknown) => problems.push(error));
  }
  const objects = groups.reduce((sum, group) => sum + group.length, 0);
  log.info({ objects, seconds: (Date.now() - start) / 1000, problems: problems.length }, 'finished upload');
  if (problems.length > 0) throw problems[0];
}

/** The pod utility gcsupload: uploads the items that GCSUPLOAD_OPTIONS or the command line name. */
export async function run(
  argv: readonly string[],
  env: Env,
  runtime: UtilityRuntime = processRuntime('gcsupload'),
): Promise<number> {
  return exitCode(runtime, async () => {
    const options = loadOptions(env, 'GCSUPLOAD_OPTIONS', UPLOAD_SHAPE, () => uploadFlags(argv));
    validateUpload(options);
    await uploadRun({ options, spec: jobSpecFromEnv(env), storage: storageFor(options) }, runtime);
    return 0;
  });
}
