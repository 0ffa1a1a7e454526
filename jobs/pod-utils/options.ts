import { CutwaterError, messageOf } from '../../core/errors.ts';
import type { Env, UtilityRuntime } from './runtime.ts';

/** The options in the environment variable `name`, as JSON, or else `fromFlags()` (Prow: pkg/pod-utils/options/load.go). Throws `usage`. */
export function loadOptions<Options>(env: Env, name: string, fromFlags: () => Options): Options {
  const json = env[name];
  if (json === undefined) return fromFlags();
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('it is not an object');
    return value as Options;
  } catch (error) {
    throw new CutwaterError('usage', `could not load config from JSON var ${name}: ${messageOf(error)}`);
  }
}

/** Runs a utility and turns what it throws into one line in the log and the exit code that Prow's utilities use: 1. */
export async function exitCode(runtime: UtilityRuntime, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CutwaterError) runtime.log.error({ error: error.message, code: error.code }, 'utility failed');
    else runtime.log.error({ err: error }, 'utility failed');
    return 1;
  }
}
