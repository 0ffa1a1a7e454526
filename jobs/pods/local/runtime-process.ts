import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expand } from './expand.ts';
import { findProgram } from './find-program.ts';
import { baseEnvironment } from './launch-env.ts';
import { signal } from './processes.ts';
import { removeFolder } from './remove-folder.ts';
import { rewriter, tmpOf } from './rewrite.ts';
import type { Planned, Runtime } from './runtime.ts';

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
    removeFolder,
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
