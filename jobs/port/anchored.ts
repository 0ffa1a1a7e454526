import type { Presubmit } from '../config/job.ts';

/** Job lists come from the configuration, which stays the same for many comments. */
const known = new WeakMap<readonly Presubmit[], readonly Presubmit[]>();

/**
 * The jobs that may be started by a comment without any line that begins with a slash. There are next to none, and most comments are such:
 * holding them against every pattern of a large repository would take longer than all the rest.
 */
export function startedWithoutSlash(jobs: readonly Presubmit[]): readonly Presubmit[] {
  const before = known.get(jobs);
  if (before) return before;
  const found = jobs.filter(({ trigger }) => !beginsWithSlash(trigger));
  known.set(jobs, found);
  return found;
}

/** Whether whatever the pattern matches begins with a slash at the beginning of a line. */
function beginsWithSlash(pattern: string): boolean {
  return pattern.startsWith('(?m)^/') && !/^[?*{]/.test(pattern.slice(6)) && !hasAlternatives(pattern);
}

/** Whether `|` stands outside all groups and classes. */
function hasAlternatives(pattern: string): boolean {
  let depth = 0;
  for (const [token] of pattern.matchAll(/\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|[\s\S]/g)) {
    if (token === '(') depth++;
    else if (token === ')') depth--;
    else if (token === '|' && depth === 0) return true;
  }
  return false;
}
