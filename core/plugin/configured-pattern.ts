import { compilePattern, type Pattern } from '../config/pattern.ts';
import type { Combining } from '../config/section.ts';
import { messageOf } from '../errors.ts';

/** Compiles a pattern that the configuration holds at `path`. One that does not compile refuses the configuration. */
export function configuredPattern(
  view: Combining,
  file: string,
  path: readonly (string | number)[],
  source: string,
): Pattern {
  try {
    return compilePattern(source);
  } catch (error) {
    view.problem(file, path, messageOf(error));
    return compilePattern('a^');
  }
}
