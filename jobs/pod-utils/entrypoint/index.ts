import { chmod, copyFile, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from '../../../core/errors.ts';
import { exitCode, loadOptions } from '../options.ts';
import { type Env, processRuntime, type UtilityRuntime } from '../runtime.ts';
import { INTERNAL_ERROR_CODE } from '../wrapper.ts';
import { executeProcess, ownLine } from './execute.ts';
import { mark } from './mark.ts';
import { ENTRYPOINT_SHAPE, type EntrypointOptions, entrypointFlags, validateEntrypoint } from './options.ts';

/**
 * The pod utility entrypoint: runs the test process of ENTRYPOINT_OPTIONS or the command line, logs it, and writes its exit code into
 * the marker file. Resolves with the exit code for this process.
 */
export async function run(
  argv: readonly string[],
  env: Env,
  runtime: UtilityRuntime = processRuntime('entrypoint'),
): Promise<number> {
  return exitCode(runtime, async () => {
    const options = loadOptions(env, 'ENTRYPOINT_OPTIONS', ENTRYPOINT_SHAPE, () => entrypointFlags(argv));
    if (options.copy_mode_only) return place(env, options.copy_dst || '/tools/entrypoint');
    validateEntrypoint(options);
    return runAndMark(options, env, runtime);
  });
}

async function runAndMark(options: EntrypointOptions, env: Env, runtime: UtilityRuntime): Promise<number> {
  const { code, error: failure } = await executeProcess(options, env, runtime);
  if (failure !== undefined) runtime.stdout.write(ownLine('error', 'Error executing test process', failure));
  try {
    await mark(options.marker_file, options.container_name ?? '', code);
  } catch (error) {
    runtime.log.error({ error: messageOf(error) }, 'error writing exit code to marker file');
    return INTERNAL_ERROR_CODE;
  }
  return options.always_zero ? 0 : code;
}

/**
 * Copies the static entrypoint to where the test containers find it: they may hold no Node. CUTWATER_STATIC_ENTRYPOINT names it in our
 * image.
 */
async function place(env: Env, destination: string): Promise<number> {
  const source = env.CUTWATER_STATIC_ENTRYPOINT || '/entrypoint';
  await mkdir(dirname(destination), { recursive: true });
  await copyFile(source, destination);
  await chmod(destination, (await stat(source)).mode | 0o111);
  return 0;
}
