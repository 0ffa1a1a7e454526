import { constants } from 'node:fs';
import { access, mkdir, rm, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { expand } from './expand.ts';
import { baseEnvironment } from './launch-env.ts';
import { signal } from './processes.ts';
import { rewriter, tmpOf } from './rewrite.ts';
import type { Planned, Runtime, StartError } from './runtime.ts';

export interface ProcessRuntimeOptions {
  /** How this program is started: its pod utilities are subcommands of it. */
  utilities: { command: string[] };
  ownEnv?: NodeJS.ProcessEnv;
}

/**
 * Runs containers as plain processes of this machine, with this user's rights: no isolation at all. Images are not looked at. What a container
 * would find at its mount paths it finds in the pod's folder; the paths are rewritten wherever they stand (docs/decisions).
 */
export function processRuntime({ utilities, ownEnv = process.env }: ProcessRuntimeOptions): Runtime {
  return {
    plan: (planned) => plan(planned, utilities.command, ownEnv),
    async terminate(_pod, _container, pid) {
      signal(pid, 'SIGTERM');
    },
    async remove() {},
    removeFolder: (path) => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** A container's command as a process here: paths rewritten, `$(VAR)` expanded, the environment clean. */
export async function plan(planned: Planned, utilities: string[], ownEnv: NodeJS.ProcessEnv) {
  const { pod, container, role, folders, mounts } = planned;
  const rewrite = rewriter(mounts);
  const tmp = tmpOf(mounts);
  const said = new Map([...planned.env].map(([name, value]) => [name, rewrite(value)]));
  const base = baseEnvironment(ownEnv, {
    uid: pod.metadata.uid ?? '',
    home: folders.home,
    tmp,
    utility: role !== 'program' && role !== 'entrypoint',
  });
  const env = { ...base, ...Object.fromEntries(said) };
  const cwd = await workingDirectory(planned, rewrite);
  const text = (value: string) => rewrite(expand(value, planned.env));
  const args = (container.args ?? []).map(text);
  if (role !== 'program') return { argv: [...utilities, role, ...args], env, cwd };
  const [name, ...rest] = [...(container.command ?? []).map(text), ...args];
  if (name === undefined)
    return { startError: 'no command specified: images are not looked at where pods run as plain processes' };
  const found = await findProgram(name, env.PATH ?? '', cwd);
  return typeof found === 'string' ? { argv: [found, ...rest], env, cwd } : found;
}

async function workingDirectory({ container, folders }: Planned, rewrite: (text: string) => string): Promise<string> {
  if (!container.workingDir) return folders.home;
  const rewritten = rewrite(container.workingDir);
  if (rewritten === container.workingDir) {
    const here = await stat(rewritten).catch(() => undefined);
    if (here?.isDirectory()) return rewritten;
  }
  const path = rewritten === container.workingDir ? join(folders.rootfs, rewritten) : rewritten;
  await mkdir(path, { recursive: true });
  return path;
}

/** The program that a name stands for, as runc looks for it, or what runc says where there is none. */
async function findProgram(name: string, path: string, cwd: string): Promise<string | StartError> {
  const startError = (problem: string): StartError => ({ startError: `exec: ${JSON.stringify(name)}: ${problem}` });
  if (name.includes('/')) {
    const file = isAbsolute(name) ? name : resolve(cwd, name);
    const problem = await problemOf(file);
    return problem ? startError(problem.replace('%', `stat ${name}: `)) : file;
  }
  for (const folder of path.split(delimiter)) {
    const file = resolve(cwd, folder, name);
    if ((await problemOf(file)) === undefined) return file;
  }
  return startError('executable file not found in $PATH');
}

async function problemOf(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (!found) return '%no such file or directory';
  if (found.isDirectory()) return 'is a directory';
  return access(file, constants.X_OK).then(
    () => undefined,
    () => 'permission denied',
  );
}
