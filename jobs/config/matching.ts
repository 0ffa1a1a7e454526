import { codeUrl } from './gerrit.ts';

/** Which jobs a default applies to: nothing or `*` means all. */
export interface JobFilter {
  /** `org` or `org/repo`. */
  repo?: string | undefined;
  cluster?: string | undefined;
}

/** Whether a default is for jobs of `repo` on `cluster` (Prow: matches in pkg/config/config.go). */
export function appliesTo(filter: JobFilter, repo: string, cluster: string): boolean {
  if (filter.cluster && filter.cluster !== '*' && filter.cluster !== cluster) return false;
  if (!filter.repo || filter.repo === '*' || filter.repo === repo) return true;
  const bare = codeUrl(repo)
    .replace(/^https:\/\//, '')
    .replace(/^http:\/\//, '');
  return filter.repo === bare || filter.repo === bare.split('/')[0];
}
