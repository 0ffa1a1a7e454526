import { execFile } from 'node:child_process';
import { delimiter, posix } from 'node:path';
import { promisify } from 'node:util';
import { CutwaterError, messageOf } from '../../../core/errors.ts';
import { type Engine, engineArgs, engineName } from './engine-args.ts';
import { expand } from './expand.ts';
import { findProgram } from './find-program.ts';
import { makeFolderIn } from './make-folder.ts';
import { POD_MARK, signal } from './processes.ts';
import { removeFolder } from './remove-folder.ts';
import { rewriter } from './rewrite.ts';
import type { Planned, Runtime } from './runtime.ts';
import { type ProcessRuntimeOptions, plan as planProcess } from './runtime-process.ts';

const run = promisify(execFile);

/** Of our own environment, what the engines' command lines need. */
const FOR_ENGINES =
  /^(?:PATH|HOME|USER|TMPDIR|XDG_.*|CONTAINERS_.*|CONTAINER_HOST|DOCKER_.*|LANG|LC_ALL|(?:https?|no|all)_proxy)$/i;

/** An image's name as registries have it. To podman others name archives and folders of this machine, or are flags. */
const IMAGE = /^(?:[a-z\d][\w.-]*(?::\d+)?\/)?[a-z\d][\w./-]*(?::[\w.-]+)?(?:@[\w.+-]+:[\da-f]+)?$/i;

/** clonerefs runs out here: what it clones must neither come from this machine nor be asked for with the keys of its user. */
const GIT_ELSEWHERE = {
  GIT_ALLOW_PROTOCOL: 'https:http:ssh:git',
  GIT_SSH_COMMAND: 'ssh -F none -o IdentityFile=none',
};

export interface EngineRuntimeOptions extends ProcessRuntimeOptions {
  /** `--local-host-access` */
  hostAccess?: boolean | undefined;
}

/**
 * Runs containers with podman or docker. The pod utilities run outside, from this program, on the same volumes; a wrapped container's
 * entrypoint runs outside, too, and what it wraps is the engine: so no image has to bring anything along.
 */
export async function engineRuntime(engine: Engine, options: EngineRuntimeOptions): Promise<Runtime> {
  const own = options.ownEnv ?? process.env;
  const path = await findProgram(engine, own.PATH ?? '', '/');
  if (typeof path !== 'string') {
    throw new CutwaterError(
      'config',
      `--local-runtime=${engine}: no ${engine} on PATH: ${(own.PATH ?? '').split(delimiter).join(' ')}`,
    );
  }
  const env = Object.fromEntries(
    Object.entries(own).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && FOR_ENGINES.test(entry[0]),
    ),
  );
  return {
    plan: (planned) => plan(engine, path, env, options, planned),
    async terminate(_pod, _container, pid) {
      // Both engines hand signals on to the container's first process.
      signal(pid, 'SIGTERM');
    },
    async remove(pod, container) {
      await run(path, ['rm', '--force', '--volumes', engineName(pod, container)], { env }).catch((error: unknown) => {
        if (!/no such container|no container with name/i.test(messageOf(error))) throw error;
      });
    },
    async removeFolder(folder) {
      await removeFolder(folder).catch(async (error: unknown) => {
        // Without root, files of other users of a container belong to numbers that only podman may touch.
        if (engine !== 'podman' || process.getuid?.() === 0) throw error;
        await run(path, ['unshare', 'rm', '-rf', '--', folder], { env });
      });
    },
  };
}

async function plan(
  engine: Engine,
  path: string,
  engineEnv: Record<string, string>,
  options: EngineRuntimeOptions,
  planned: Planned,
) {
  const { role, container, pod, folders, mounts } = planned;
  const { utilities, ownEnv = process.env } = options;
  if (role !== 'program' && role !== 'entrypoint') {
    const launch = await planProcess(planned, utilities.command, ownEnv);
    return 'env' in launch && !options.hostAccess ? { ...launch, env: { ...launch.env, ...GIT_ELSEWHERE } } : launch;
  }
  if (!container.image) return { startError: 'no image specified' };
  if (!IMAGE.test(container.image)) return { startError: `invalid image name ${JSON.stringify(container.image)}` };
  await makeWorkingDirectory(planned);
  const env = { ...engineEnv, [POD_MARK]: pod.metadata.uid ?? '' };
  const taken = new Set(Object.keys(env));
  if (role === 'program') {
    const { args, byName } = engineArgs(engine, planned, { command: undefined, taken });
    return { argv: [path, ...args], env: { ...byName, ...env }, cwd: folders.home };
  }
  // As decoration wrote it: a variable of the job's that it names must not put further options between its own.
  const text = container.env?.findLast(({ name }) => name === 'ENTRYPOINT_OPTIONS')?.value ?? '';
  const wrapped = JSON.parse(text) as { args?: string[] };
  const command = (wrapped.args ?? []).map((arg) => expand(arg, planned.env));
  const inner = { ...planned, env: new Map([...planned.env].filter(([name]) => name !== 'ENTRYPOINT_OPTIONS')) };
  const { args, byName } = engineArgs(engine, inner, { command, taken });
  const outer = JSON.parse(rewriter(mounts)(JSON.stringify({ ...wrapped, args: [] }))) as object;
  const ENTRYPOINT_OPTIONS = JSON.stringify({ ...outer, args: [path, ...args] });
  return {
    argv: [...utilities.command, 'entrypoint'],
    env: { ...byName, ...env, ENTRYPOINT_OPTIONS },
    cwd: folders.home,
  };
}

/** Kubernetes makes a working directory that is not there; podman does not. Where it lies in a volume we can. */
async function makeWorkingDirectory({ container, mounts }: Planned): Promise<void> {
  const workingDir = posix.normalize(container.workingDir || '/');
  const mount = mounts.find(({ containerPath }) => `${workingDir}/`.startsWith(`${containerPath}/`));
  if (mount) await makeFolderIn(mount.hostPath, workingDir.slice(mount.containerPath.length));
}
