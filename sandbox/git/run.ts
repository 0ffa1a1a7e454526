import { spawn } from 'node:child_process';
import { LRUCache } from 'lru-cache';

/** git ended with an exit code other than 0. */
export class GitFailure extends Error {
  readonly code: number | null;
  readonly stderr: string;
  readonly stdout: string;

  constructor(args: readonly string[], code: number | null, stdout: string, stderr: string) {
    super(`git ${args[0] ?? ''} ended with ${code}: ${stderr.trim()}`);
    this.name = 'GitFailure';
    this.code = code;
    this.stdout = stdout;
    this.stderr = stderr;
  }
}

export interface GitOptions {
  input?: string | Buffer;
  env?: Record<string, string>;
}

/** The environment of every git process here: nobody's own configuration, no prompt. */
export function gitEnvironment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  return {
    ...Object.fromEntries(kept),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
    ...extra,
  };
}

/** Runs git in a bare repository and gives its output as bytes. Rejects with {@link GitFailure}. */
export function gitBytes(dir: string, args: readonly string[], options: GitOptions = {}): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, { cwd: dir, env: gitEnvironment(options.env), stdio: 'pipe' });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.stdin.on('error', () => undefined);
    child.on('close', (code) => {
      if (code === 0) return resolve(Buffer.concat(out));
      reject(new GitFailure(args, code, Buffer.concat(out).toString(), Buffer.concat(err).toString()));
    });
    child.stdin.end(options.input ?? '');
  });
}

const ABOUT_OBJECTS: ReadonlySet<string> = new Set(['log', 'merge-base', 'merge-tree', 'ls-tree', 'rev-parse']);

/** Objects never change: what git says of whole ids stays true. Starting git is what the sandbox spends most of its time with. */
const lasting = new LRUCache<string, Promise<string>>({ max: 5_000 });

function isLasting([command = '', ...args]: readonly string[]): boolean {
  if (!ABOUT_OBJECTS.has(command) || args.includes('--')) return false;
  return args.every((arg) => arg.startsWith('-') || /^\^?[0-9a-f]{40}(\^\{\w+\})?$/.test(arg));
}

/** As {@link gitBytes}, as text without the newline at its end. */
export function git(dir: string, args: readonly string[], options: GitOptions = {}): Promise<string> {
  if (!isLasting(args)) return gitText(dir, args, options);
  const key = [dir, ...args].join('\0');
  const known = lasting.get(key);
  if (known) return known;
  const work = gitText(dir, args, options);
  lasting.set(key, work);
  work.catch((error) => {
    // 1 is git's no; an object that is not there yet may come.
    if (!(error instanceof GitFailure && error.code === 1)) lasting.delete(key);
  });
  return work;
}

async function gitText(dir: string, args: readonly string[], options: GitOptions): Promise<string> {
  return (await gitBytes(dir, args, options)).toString().replace(/\n$/, '');
}

/** As {@link git}, with `undefined` where git says no. */
export async function gitMaybe(
  dir: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string | undefined> {
  try {
    return await git(dir, args, options);
  } catch (error) {
    if (error instanceof GitFailure) return undefined;
    throw error;
  }
}
