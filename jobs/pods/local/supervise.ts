import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, open, readFile, stat } from 'node:fs/promises';
import type { ContainerFolders } from './folders.ts';

/** A program to start for a container. */
export interface Launch {
  /** The first is an absolute path. */
  argv: string[];
  env: Record<string, string>;
  cwd: string;
}

/**
 * Waits for the program in our stead, so that its exit code is known even where Cutwater is killed meanwhile. Shell built-ins only: the
 * environment, PATH included, is the job's. The claim is made once for all; the inner shell becomes the program and keeps its number.
 * The shell stays behind when the program is asked to end, and tells the exit code then.
 */
const SUPERVISOR = `
dir=$1; shift
set -C; : > "$dir/claim" || exit 0; set +C
echo $$ > "$dir/supervisor"
trap : TERM INT HUP QUIT
/bin/sh -c 'echo $$ > "$0/pid"; exec "$@"' "$dir" "$@"
echo $? > "$dir/exit"
`;

export interface Supervised {
  child: ChildProcess;
  exited: Promise<void>;
}

/** Starts the program in a session and process group of its own, with its output in the container's log. */
export async function startSupervised(folders: ContainerFolders, { argv, env, cwd }: Launch): Promise<Supervised> {
  await mkdir(folders.root, { recursive: true });
  const log = await open(folders.log, 'a');
  try {
    const child = spawn('/bin/sh', ['-c', SUPERVISOR, 'cutwater-pod', folders.root, ...argv], {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    // Listened for at once: a short program has ended before anything else that is awaited here.
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    await new Promise((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    return { child, exited };
  } finally {
    await log.close();
  }
}

/** The exit code and when it was written; undefined while the program runs. */
export async function exitOf(folders: ContainerFolders): Promise<{ code: number; at: Date } | undefined> {
  const text = await readFile(folders.exit, 'utf8').catch(() => '');
  if (!/^\d+\n$/.test(text)) return undefined;
  return { code: Number(text), at: (await stat(folders.exit)).mtime };
}

/** A process number that the supervisor wrote; undefined before it did. */
export async function numberIn(file: string): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return /^\d+\n$/.test(text) ? Number(text) : undefined;
}
