import type { Template } from '../../../core/config/template/template.ts';
import type { ProwJobType } from '../../api/prowjob.ts';
import type { Refs } from '../../api/refs.ts';

/** The section `github_reporter` and what the reporter needs of `plank`. Entries of the lists are `org` or `org/repo`. */
export interface GitHubReportConfig {
  job_types_to_report: readonly ProwJobType[];
  no_comment_repos: readonly string[];
  summary_comment_repos: readonly string[];
  /** The repository's template of plank.report_templates, where there is one. */
  reportTemplateFor(org: string, repo: string): Template | undefined;
}

/** Whether the list names the repository or its organisation. */
export function lists(entries: readonly string[], refs: Refs): boolean {
  return entries.includes(refs.org) || entries.includes(`${refs.org}/${refs.repo}`);
}
