import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatDuration } from '../../../core/config/duration.ts';
import { CutwaterError, messageOf } from '../../../core/errors.ts';
import { waitForMarkers } from '../markers.ts';
import type { Env, UtilityRuntime } from '../runtime.ts';
import { ABORTED_ERROR_CODE, INTERNAL_ERROR_CODE, PREVIOUS_ERROR_CODE } from '../wrapper.ts';
import { DEFAULT_GRACE_PERIOD_NS, DEFAULT_TIMEOUT_NS, type EntrypointOptions } from './options.ts';
import { Tee } from './tee.ts';

/** The longest time a timer can wait, in milliseconds: 24.8 days. */
const LONGEST_TIMER = 2 ** 31 - 1;

const { O_RDWR, O_CREAT, O_TRUNC, O_APPEND, O_NOFOLLOW } = constants;
/** Where we stand outside of the containers, one of them must not be able to have us write elsewhere. */
const LOG_FLAGS = O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_NOFOLLOW;

/** What belongs into the marker, and what went wrong in words. */
export interface Execution {
  code: number;
  error?: string;
}

/** Makes the artifact folder, runs the process and logs it (Prow: entrypoint.ExecuteProcess). */
export async function executeProcess(
  options: EntrypointOptions,
  env: Env,
  runtime: UtilityRuntime,
): Promise<Execution> {
  let log: FileHandle;
  try {
    if (options.artifact_dir) await mkdir(options.artifact_dir, { recursive: true });
    log = await openLog(options.process_log);
  } catch (error) {
    return {
      code: INTERNAL_ERROR_CODE,
      error: `could not create artifact directory or process logfile: ${messageOf(error)}`,
    };
  }
  const tee = new Tee(log, runtime.stdout);
  const interrupt = new AbortController();
  const stopListening = runtime.onInterrupt((signal) => interrupt.abort(signal));
  try {
    const setting: Setting = { options, env, log, interrupt: interrupt.signal };
    return (await previousFailed(setting)) ?? (await runProcess(setting));
  } finally {
    stopListening();
    await tee.finish();
    await log.close();
  }
}

async function openLog(path: string): Promise<FileHandle> {
  const log = await open(path, LOG_FLAGS, 0o666);
  if ((await log.stat()).isFile()) return log;
  // A container may make a device there, should its engine let it.
  await log.close();
  throw new CutwaterError('invalid', `${path} is no file`);
}

interface Setting {
  options: EntrypointOptions;
  env: Env;
  log: FileHandle;
  /** Aborted, with the signal's name as the reason, once this process is told to stop. */
  interrupt: AbortSignal;
}

/** The code to end with where the step before this one failed or never ended; undefined where the process may run. */
async function previousFailed({ options, log, interrupt }: Setting): Promise<Execution | undefined> {
  if (!options.previous_marker) return undefined;
  const results = await waitForMarkers([options.previous_marker], interrupt);
  const { code, error } = results.get(options.previous_marker) ?? { code: -1, error: 'not read' };
  if (error !== undefined) {
    return { code: INTERNAL_ERROR_CODE, error: `wait for previous marker ${options.previous_marker}: ${error}` };
  }
  if (code === 0) return undefined;
  await say(log, 'info', `Skipping as previous step exited ${code}`);
  return { code: PREVIOUS_ERROR_CODE };
}

async function runProcess({ options, env, log, interrupt }: Setting): Promise<Execution> {
  const [command = '', ...args] = options.args ?? [];
  const child = spawn(command, args, { env, stdio: ['inherit', log.fd, log.fd] });
  const ended = once(child, 'exit').then(([code]) => (code as number | null) ?? -1);
  try {
    await Promise.race([once(child, 'spawn'), ended]);
  } catch (error) {
    const reason = NOT_STARTED[(error as NodeJS.ErrnoException).code ?? ''] ?? messageOf(error);
    const why = `could not start the process: exec: ${JSON.stringify(command)}: ${reason}`;
    await log.appendFile(`${why}\n`);
    return { code: INTERNAL_ERROR_CODE, error: why };
  }
  const timeout = options.timeout || DEFAULT_TIMEOUT_NS;
  const outcome = await firstOf(ended, timeout, interrupt);
  if (outcome === 'timeout')
    await say(log, 'error', `Process did not finish before ${formatDuration(timeout / 1e6)} timeout`);
  if (outcome === 'interrupt')
    await say(log, 'error', `Entrypoint received interrupt: ${SIGNAL_TEXT[interrupt.reason] ?? interrupt.reason}`);
  if (outcome === 0) return { code: 0 };
  if (typeof outcome === 'number') return { code: outcome, error: `wrapped process failed: exit status ${outcome}` };
  const ownCode = await terminate(child, ended, { options, env, log, interrupt });
  const propagated = options.propagate_error_code ? ownCode : undefined;
  return outcome === 'timeout'
    ? { code: propagated ?? INTERNAL_ERROR_CODE, error: 'process timed out' }
    : { code: propagated ?? ABORTED_ERROR_CODE, error: 'process aborted' };
}

/** In the words of Go's exec package, which people look for. */
const NOT_STARTED: Record<string, string> = {
  ENOENT: 'executable file not found in $PATH',
  EACCES: 'permission denied',
};

const SIGNAL_TEXT: Record<string, string> = { SIGINT: 'interrupt', SIGTERM: 'terminated' };

/** The process' code, or which of the two reasons to stop it came first. */
async function firstOf(
  ended: Promise<number>,
  timeoutNs: number,
  interrupt: AbortSignal,
): Promise<number | 'timeout' | 'interrupt'> {
  const settled = new AbortController();
  const timer = sleep(Math.min(timeoutNs / 1e6, LONGEST_TIMER), 'timeout' as const, { signal: settled.signal }).catch(
    () => 'timeout' as const,
  );
  const interrupted = new Promise<'interrupt'>((resolve) => {
    if (interrupt.aborted) resolve('interrupt');
    interrupt.addEventListener('abort', () => resolve('interrupt'), { once: true });
  });
  try {
    return await Promise.race([ended, timer, interrupted]);
  } finally {
    settled.abort();
  }
}

/** Interrupts the process, passes our own signal on, and kills it after the grace period; its exit code, or -1 where a signal ended it. */
async function terminate(
  child: ChildProcess,
  ended: Promise<number>,
  { options, log, interrupt }: Setting,
): Promise<number> {
  child.kill('SIGINT');
  if (interrupt.aborted) child.kill(interrupt.reason as NodeJS.Signals);
  const grace = options.grace_period || DEFAULT_GRACE_PERIOD_NS;
  const outcome = await firstOf(ended, grace, new AbortController().signal);
  if (typeof outcome === 'number') {
    await say(log, 'error', `Process gracefully exited before ${formatDuration(grace / 1e6)} grace period`);
    return outcome;
  }
  await say(log, 'error', `Process did not exit before ${formatDuration(grace / 1e6)} grace period`);
  child.kill('SIGKILL');
  return ended;
}

/** Puts a line of entrypoint's own into the job's log. */
function say(log: FileHandle, level: 'info' | 'error', message: string): Promise<void> {
  return log.appendFile(ownLine(level, message));
}

/** A log line in the form that Prow's entrypoint writes and its log viewers know. */
export function ownLine(level: 'info' | 'error', msg: string, error?: string): string {
  const cause = error === undefined ? {} : { error };
  const time = new Date().toISOString();
  return `${JSON.stringify({ component: 'entrypoint', ...cause, level, msg, severity: level, time })}\n`;
}
