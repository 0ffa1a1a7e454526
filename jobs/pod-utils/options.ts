import { CutwaterError, messageOf } from '../../core/errors.ts';
import { HelpWanted } from './flags.ts';
import type { Env, UtilityRuntime } from './runtime.ts';
import { assertShape, type Shape } from './shape.ts';

/** The options in the environment variable `name`, as JSON, or else `fromFlags()` (Prow: pkg/pod-utils/options/load.go). Throws `usage`, also where a value does not have its `shape`. */
export function loadOptions<Options>(env: Env, name: string, shape: Shape, fromFlags: () => Options): Options {
  const json = env[name];
  if (json === undefined) return orUsage(name, fromFlags);
  try {
    const value: unknown = JSON.parse(json);
    if (value === null) throw new Error('it is null, not an object');
    assertShape(value, shape);
    return value as Options;
  } catch (error) {
    throw new CutwaterError('usage', `could not load config from JSON var ${name}: ${messageOf(error)}`);
  }
}

/** With the whole usage in front of the flags, where somebody asked for it. */
function orUsage<Options>(name: string, fromFlags: () => Options): Options {
  try {
    return fromFlags();
  } catch (error) {
    if (!(error instanceof HelpWanted)) throw error;
    const utility = name.replace('_OPTIONS', '').toLowerCase();
    throw new HelpWanted(`usage: cutwater ${utility} [FLAGS], or the options as JSON in ${name}\n\n${error.message}\n`);
  }
}

/** Runs a utility and turns what it throws into one line in the log and the exit code that Prow's utilities use: 1. */
export async function exitCode(runtime: UtilityRuntime, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HelpWanted) {
      runtime.stdout.write(error.message);
      return 0;
    }
    if (error instanceof CutwaterError) runtime.log.error({ error: error.message, code: error.code }, 'utility failed');
    else runtime.log.error({ err: error }, 'utility failed');
    return 1;
  }
}
