import { stat } from 'node:fs/promises';
import { messageOf } from '../../../core/errors.ts';
import { createLogger } from '../../../core/log.ts';
import type { Storage } from '../../../core/storage/index.ts';
import { ownFile } from '../../artifacts/artifacts.ts';
import { type JobSpec, jobSpecFromEnv, revisionOf } from '../../artifacts/job-spec.ts';
import type { Finished } from '../../artifacts/metadata.ts';
import type { UploadTarget } from '../../artifacts/upload.ts';
import { destinationFor } from '../gcsupload/destination.ts';
import { UPLOAD_PAUSES, uploadRun } from '../gcsupload/index.ts';
import { storageFor } from '../gcsupload/options.ts';
import { waitForMarkers } from '../markers.ts';
import { exitCode, loadOptions } from '../options.ts';
import { type Env, processRuntime, type UtilityRuntime } from '../runtime.ts';
import type { WrapperOptions } from '../wrapper.ts';
import { Censor } from './censor.ts';
import { uploadLiveLogs } from './live-log.ts';
import { needlesFor } from './needles.ts';
import { entriesOf, SIDECAR_SHAPE, type SidecarOptions, sidecarFlags, validateSidecar } from './options.ts';
import { combineMetadata, type Outcome, outcomeOf, resultOf } from './outcome.ts';
import { loadSecrets } from './secrets.ts';
import { censoredFile, censoredSources } from './sources.ts';

const TEXT = { contentType: 'text/plain; charset=utf-8' };
const JSON_TYPE = { contentType: 'application/json' };
/** Prow's censoring_concurrency where none is given. */
const CENSORING_CONCURRENCY = 10;

/** Test hooks: how long the pauses are. */
export interface SidecarTimes {
  pauses?: readonly number[];
  liveIntervalMs?: number;
}

/**
 * The pod utility sidecar: waits until all test processes of SIDECAR_OPTIONS have ended, and uploads their logs, artifacts and
 * finished.json. Exit code 1 only with `entry_error`, where one of them failed.
 */
export async function run(
  argv: readonly string[],
  env: Env,
  runtime: UtilityRuntime = processRuntime('sidecar'),
  times: SidecarTimes = {},
): Promise<number> {
  const lines: string[] = [];
  const own = { ...runtime, log: createLogger('sidecar', runtime.log.level, (line) => lines.push(line)) };
  return exitCode(own, async () => {
    const options = validateSidecar(loadOptions(env, 'SIDECAR_OPTIONS', SIDECAR_SHAPE, () => sidecarFlags(argv)));
    const spec = jobSpecFromEnv(env);
    const { failures } = await new Sidecar(options, spec, own, lines, times).run();
    if (failures === 0 || !options.entry_error) return 0;
    own.log.error({ failures }, 'containers failed');
    return 1;
  });
}

class Sidecar {
  readonly #options: SidecarOptions;
  readonly #spec: JobSpec;
  readonly #runtime: UtilityRuntime;
  readonly #ownLog: readonly string[];
  readonly #times: SidecarTimes;
  readonly #entries: WrapperOptions[];
  readonly #storage: Storage;

  constructor(
    options: SidecarOptions,
    spec: JobSpec,
    runtime: UtilityRuntime,
    ownLog: readonly string[],
    times: SidecarTimes,
  ) {
    this.#options = options;
    this.#spec = spec;
    this.#runtime = runtime;
    this.#ownLog = ownLog;
    this.#times = times;
    this.#entries = entriesOf(options);
    this.#storage = storageFor(options.gcs_options);
  }

  async run(): Promise<Outcome> {
    const ended = new AbortController();
    const live = this.#uploadLive(ended.signal).catch((error: unknown) => {
      this.#runtime.log.warn({ error: messageOf(error) }, 'could not upload logs of the running job');
    });
    let interrupted: Promise<void> | undefined;
    const stopListening = this.#runtime.onInterrupt((signal) => {
      if (this.#options.ignore_interrupts || ended.signal.aborted || interrupted) {
        this.#runtime.log.warn({ signal }, 'received an interrupt, ignoring');
        return;
      }
      this.#runtime.log.error({ signal }, 'received an interrupt, uploading what there is');
      // Whether the test ends in time is not known: what is there now is saved first.
      interrupted = this.#upload({ passed: false, aborted: true, failures: 0 });
    });
    try {
      const markers = await waitForMarkers(this.#entries.map(({ marker_file: file }) => file));
      const outcome = outcomeOf(markers.values());
      ended.abort();
      await live;
      await interrupted;
      await this.#upload(outcome);
      return outcome;
    } finally {
      stopListening();
    }
  }

  /** Never throws: a job is not failed for a storage that is away, as in Prow. */
  async #upload(outcome: Outcome): Promise<void> {
    const { log } = this.#runtime;
    const { gcs_options: options, censoring_options: censoring = {} } = this.#options;
    try {
      const censor = await this.#censor();
      const finished = this.#finished(outcome, await combineMetadata(this.#entries), censor);
      await uploadRun(
        {
          options,
          spec: this.#spec,
          storage: this.#storage,
          before: await Promise.all(this.#logs().map(({ name, file }) => this.#logTarget(name, file, censor))),
          sources: censoredSources(censor, censoring),
          after: [this.#ownLogTarget(censor), finished],
          ...(!censor.idle && { concurrency: censoring.censoring_concurrency ?? CENSORING_CONCURRENCY }),
          pauses: this.#times.pauses ?? UPLOAD_PAUSES,
        },
        this.#runtime,
      );
    } catch (error) {
      log.error({ error: messageOf(error) }, 'failed to report job status');
    }
  }

  async #uploadLive(signal: AbortSignal): Promise<void> {
    const { log } = this.#runtime;
    const { gcs_options: options } = this.#options;
    if (options.dry_run) return;
    const destination = destinationFor(options, this.#spec);
    const logs = this.#logs().map(({ name, file }) => ({ file, path: destination.path(name) }));
    const censor = await this.#censor();
    await uploadLiveLogs(logs, { storage: this.#storage, censor, log, signal, intervalMs: this.#times.liveIntervalMs });
  }

  /** Secrets are read anew for each upload: they may change while the job runs. */
  async #censor(): Promise<Censor> {
    const censoring = this.#options.censoring_options;
    if (!censoring) return new Censor([]);
    const secrets = await loadSecrets(
      censoring.secret_directories ?? [],
      censoring.ini_filenames ?? [],
      this.#runtime.log,
    );
    return new Censor(
      needlesFor(secrets, censoring.minimum_secret_length ?? 0),
      censoring.censoring_buffer_size || undefined,
    );
  }

  #logs(): { name: string; file: string }[] {
    const several = this.#entries.length > 1;
    return this.#entries.map(({ process_log: file, container_name: container }) => ({
      name: several ? `${container ?? ''}-build-log.txt` : 'build-log.txt',
      file,
    }));
  }

  /** The log as long as it is now: a test that is still writing would never come to an end. */
  async #logTarget(path: string, file: string, censor: Censor): Promise<UploadTarget> {
    const failed = (why: string) => `Failed to open ${file}: ${why}\n`;
    try {
      const { size } = await stat(file);
      const log = censoredFile(await ownFile(file), censor, size);
      return { path, sources: [log, failed('it is no file of its folder')], attributes: TEXT, size };
    } catch (error) {
      return { path, sources: [failed(messageOf(error))], attributes: TEXT };
    }
  }

  #ownLogTarget(censor: Censor): UploadTarget {
    return { path: 'sidecar-logs.json', sources: [censor.censored(this.#ownLog.join(''))], attributes: JSON_TYPE };
  }

  #finished(outcome: Outcome, metadata: Record<string, unknown>, censor: Censor): UploadTarget {
    const revision = revisionOf(this.#spec.refs, this.#spec.extra_refs);
    const finished: Finished = {
      timestamp: Math.floor(Date.now() / 1000),
      passed: outcome.passed,
      result: resultOf(outcome),
      ...(Object.keys(metadata).length > 0 && { metadata }),
      ...(revision && { revision }),
    };
    return { path: 'finished.json', sources: [censor.censored(JSON.stringify(finished))], attributes: JSON_TYPE };
  }
}
