import { compilePattern } from '../../core/config/pattern.ts';
import type { ChangeMatcher } from '../config/job.ts';

/** The changed files of a pull request or a push, against which each pattern is held once, however many jobs share it. */
export class Changes {
  readonly #files: readonly string[];
  readonly #verdicts = new Map<string, string | undefined>();

  constructor(files: readonly string[]) {
    this.#files = files;
  }

  /** A file that `pattern` matches. */
  matching(pattern: string): string | undefined {
    return this.#first(`+${pattern}`, (file) => compilePattern(pattern).test(file));
  }

  /** A file that `pattern` does not match. */
  escaping(pattern: string): string | undefined {
    return this.#first(`-${pattern}`, (file) => !compilePattern(pattern).test(file));
  }

  #first(key: string, accepts: (file: string) => boolean): string | undefined {
    if (!this.#verdicts.has(key)) this.#verdicts.set(key, this.#files.find(accepts));
    return this.#verdicts.get(key);
  }
}

/** Whether a job looks at changed files at all. */
export function hasChangeMatcher({ run_if_changed, skip_if_only_changed }: ChangeMatcher): boolean {
  return Boolean(run_if_changed || skip_if_only_changed);
}

export interface Verdict {
  runs: boolean;
  reason: string;
}

/** Whether changes start a job that has a change matcher (Prow: RunsAgainstChanges). No file at all starts none. */
export function decideByChanges({ run_if_changed, skip_if_only_changed }: ChangeMatcher, changes: Changes): Verdict {
  if (run_if_changed) {
    const file = changes.matching(run_if_changed);
    return file === undefined
      ? { runs: false, reason: `no changed file matches run_if_changed ${run_if_changed}` }
      : { runs: true, reason: `${file} matches run_if_changed ${run_if_changed}` };
  }
  const pattern = skip_if_only_changed ?? '';
  const file = changes.escaping(pattern);
  return file === undefined
    ? { runs: false, reason: `only files that match skip_if_only_changed ${pattern} changed` }
    : { runs: true, reason: `${file} is beyond skip_if_only_changed ${pattern}` };
}
