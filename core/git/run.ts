import { spawn } from 'node:child_process';
import { CutwaterError } from '../errors.ts';

export interface GitCall {
  gitDir: string;
  args: readonly string[];
  /** Configuration for this call; it stands in the environment, so that no process list shows it. */
  config?: readonly (readonly [key: string, value: string])[];
  env?: Readonly<Record<string, string>>;
  input?: string | Buffer;
  /** Output beyond this ends the process: `invalid`. */
  maxBytes?: number;
  timeoutMs: number;
  signal: AbortSignal;
}

export interface GitOutcome {
  code: number;
  stdout: Buffer;
  stderr: string;
}

/** What git may know of this process' environment: never its traces, which would show credentials. */
const INHERITED =
  /^(PATH|TMPDIR|LANG|LC_ALL|TZ|SSL_CERT_(FILE|DIR)|GIT_SSL_CAINFO|GIT_EXEC_PATH|(https?|all|no)_proxy|GIT_CONFIG_(COUNT|KEY_\d+|VALUE_\d+))$/i;
const MAX_STDERR = 16_384;

/** Settings of the machine or of a repository may not run programs in our name. */
const ALWAYS: readonly (readonly [string, string])[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['credential.helper', ''],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['http.followRedirects', 'false'],
  ['protocol.allow', 'never'],
  ['protocol.https.allow', 'always'],
  ['protocol.http.allow', 'always'],
  ['protocol.file.allow', 'always'],
  ['commit.gpgSign', 'false'],
  ['i18n.logOutputEncoding', 'UTF-8'],
];

/** Runs git without a shell, prompts, hooks or the machine's settings. A code other than 0 is an outcome, not an error. */
export async function runGit(call: GitCall): Promise<GitOutcome> {
  const { gitDir, args, input, maxBytes = 64 * 1024 * 1024, timeoutMs, signal } = call;
  signal.throwIfAborted();
  const child = spawn('git', [...args], {
    cwd: gitDir,
    env: environment(call),
    // A group of its own, so that what git starts for a fetch ends with it.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let failure: CutwaterError | undefined;
  const end = (error: CutwaterError) => {
    failure ??= error;
    killGroup(child.pid);
  };
  const timer = setTimeout(() => end(new CutwaterError('timeout', `git ${args[0]} took too long`)), timeoutMs);
  const onAbort = () => end(new CutwaterError('transient', 'the program is stopping'));
  signal.addEventListener('abort', onAbort, { once: true });
  const chunks: Buffer[] = [];
  let size = 0;
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) end(new CutwaterError('invalid', `git ${args[0]} gives more than ${maxBytes} bytes`));
    else chunks.push(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    if (stderr.length < MAX_STDERR) stderr += chunk.toString('utf8');
  });
  // Git may end without having read its input; what matters then is its code.
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.on('error', (cause) => reject(new CutwaterError('transient', 'git cannot be started', { cause })));
      child.on('close', (exit) => resolve(exit ?? -1));
    });
    if (failure) throw failure;
    return { code, stdout: Buffer.concat(chunks), stderr };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function environment({ gitDir, config = [], env = {} }: GitCall): Record<string, string> {
  const result: Record<string, string> = {
    GIT_DIR: gitDir,
    GIT_CONFIG_NOSYSTEM: '1',
    // An operator who names a file means it, for instance to send github.com elsewhere; what merely lies in a home folder does not count.
    GIT_CONFIG_GLOBAL: process.env.GIT_CONFIG_GLOBAL || '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    HOME: gitDir,
    LC_ALL: 'C.UTF-8',
    ...env,
  };
  for (const [key, value] of Object.entries(process.env))
    if (value !== undefined && INHERITED.test(key) && !(key in result)) result[key] = value;
  let count = Number(result.GIT_CONFIG_COUNT ?? 0) || 0;
  for (const [key, value] of [...ALWAYS, ...config]) {
    result[`GIT_CONFIG_KEY_${count}`] = key;
    result[`GIT_CONFIG_VALUE_${count}`] = value;
    count++;
  }
  result.GIT_CONFIG_COUNT = String(count);
  return result;
}
