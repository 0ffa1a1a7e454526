import type { Path } from './position.ts';
import type { Section } from './section.ts';

/** A key that no section knows. `checkconfig` tells, `--strict` refuses. */
export interface UnknownKey {
  file: string;
  path: Path;
}

/** One loaded version of everything; it never changes. */
export interface Config {
  get<T>(section: Section<T>): T;
  /** Every file that was read, in order. */
  readonly files: readonly string[];
  readonly unknownKeys: readonly UnknownKey[];
  /** What is odd but usable. */
  readonly warnings: readonly string[];
  /** What config-updater wrote into VERSION beside the configuration, or "". */
  readonly versionSha: string;
  readonly loadedAt: number;
}

/** A configuration of given values, for tests and for tools that need only some sections. */
export function configOf(...values: readonly (readonly [Section<unknown>, unknown])[]): Config {
  const known = new Map(values);
  return {
    get<T>(section: Section<T>): T {
      if (known.has(section)) return known.get(section) as T;
      const view = {
        get: <U>(other: Section<U>): U => this.get(other),
        problem() {},
        warn() {},
        loadedAt: 0,
      };
      return section.combine([], view);
    },
    files: [],
    unknownKeys: [],
    warnings: [],
    versionSha: '',
    loadedAt: 0,
  };
}
