import type { Requirement } from './config.ts';

export interface Place {
  org: string;
  repo: string;
  /** The base branch; undefined for issues. */
  branch?: string | undefined;
  /** The label that came or went; undefined where something else happened. */
  label?: string | undefined;
}

/** The requirements that an event may concern (Prow: pkg/plugins/require-matching-label, matchingConfigs). */
export function requirementsFor({ org, repo, branch, label }: Place, all: readonly Requirement[]): Requirement[] {
  return all.filter((entry) => {
    if (branch === undefined ? !entry.issues : !entry.prs) return false;
    if (entry.org !== org || (entry.repo !== '' && entry.repo !== repo)) return false;
    if (entry.branch !== '' && branch !== undefined && entry.branch !== branch) return false;
    return label === undefined || entry.pattern.test(label);
  });
}

/** What the labels call for: the missing-label to come or to go, or nothing. */
export function verdict({ pattern, missing_label }: Requirement, labels: readonly string[]): 'add' | 'remove' | 'keep' {
  const marked = labels.includes(missing_label);
  const matching = labels.some((label) => pattern.test(label));
  if (matching === marked) return marked ? 'remove' : 'add';
  return 'keep';
}
