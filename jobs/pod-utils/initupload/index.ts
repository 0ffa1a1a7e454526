import { CutwaterError, messageOf } from '../../../core/errors.ts';
import { textOf } from '../../../core/storage/index.ts';
import { openOwn, ownFile } from '../../artifacts/artifacts.ts';
import { jobSpecFromEnv } from '../../artifacts/job-spec.ts';
import { type Finished, startedFor } from '../../artifacts/metadata.ts';
import type { UploadTarget } from '../../artifacts/upload.ts';
import { type CloneRecord, formatRecord } from '../clonerefs/record.ts';
import { parseFlags } from '../flags.ts';
import { uploadRun } from '../gcsupload/index.ts';
import {
  storageFor,
  UPLOAD_FLAGS,
  UPLOAD_SHAPE,
  type UploadOptions,
  uploadOptionsOf,
  validateUpload,
} from '../gcsupload/options.ts';
import { exitCode, loadOptions } from '../options.ts';
import { type Env, processRuntime, type UtilityRuntime } from '../runtime.ts';

/** Initupload's options, as JSON in INITUPLOAD_OPTIONS: where to upload, and the log of clonerefs (Prow: pkg/initupload/options.go). */
interface InitUploadOptions extends UploadOptions {
  log?: string;
}

const JSON_TYPE = { contentType: 'application/json' };
const TEXT_TYPE = { contentType: 'text/plain; charset=utf-8' };

/**
 * The pod utility initupload: uploads started.json and what clonerefs recorded. Where cloning failed it also ends the run with
 * finished.json, and its exit code 1 keeps the tests from starting.
 */
export async function run(
  argv: readonly string[],
  env: Env,
  runtime: UtilityRuntime = processRuntime('initupload'),
): Promise<number> {
  return exitCode(runtime, async () => {
    const options = loadOptions(env, 'INITUPLOAD_OPTIONS', { ...UPLOAD_SHAPE, log: 'string' }, () => fromFlags(argv));
    validateUpload(options);
    const spec = jobSpecFromEnv(env);
    const records = options.log ? await readRecords(options.log) : [];
    const failed = records.some((record) => record.failed);
    const started = startedFor(spec, records, Math.floor(Date.now() / 1000));
    const before = [
      target('started.json', JSON.stringify(started), JSON_TYPE),
      ...(options.log ? cloneTargets(records) : []),
    ];
    await uploadRun({ options, spec, storage: storageFor(options), before, after: failed ? [failure()] : [] }, runtime);
    if (failed) runtime.log.error('cloning the appropriate refs failed');
    return failed ? 1 : 0;
  });
}

function fromFlags(argv: readonly string[]): InitUploadOptions {
  const { values, rest } = parseFlags(argv, { ...UPLOAD_FLAGS, 'clone-log': 'string' });
  const log = values['clone-log'] as string | undefined;
  return { ...uploadOptionsOf(values), items: rest, ...(log && { log }) };
}

async function readRecords(file: string): Promise<CloneRecord[]> {
  try {
    // Where we stand outside of the containers, one of them must not have us publish another file.
    return JSON.parse(await textOf(await openOwn(await ownFile(file)))) as CloneRecord[];
  } catch (error) {
    throw new CutwaterError('invalid', `could not read clone log: ${messageOf(error)}`);
  }
}

/** The clone's log for people and for machines; of a failed clone it is the build log as well. */
function cloneTargets(records: CloneRecord[]): UploadTarget[] {
  const log = records.map(formatRecord).join('');
  const failed = records.some((record) => record.failed);
  return [
    target('clone-log.txt', log, TEXT_TYPE),
    target('clone-records.json', JSON.stringify(records), JSON_TYPE),
    ...(failed ? [target('build-log.txt', log, TEXT_TYPE)] : []),
  ];
}

function failure(): UploadTarget {
  const finished: Finished = { timestamp: Math.floor(Date.now() / 1000), passed: false, result: 'FAILURE' };
  return target('finished.json', JSON.stringify(finished), JSON_TYPE);
}

function target(path: string, text: string, attributes: UploadTarget['attributes'] & object): UploadTarget {
  return { path, sources: [text], attributes };
}
