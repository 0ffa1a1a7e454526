import type { Template } from '../../../core/config/template/template.ts';
import type { ProwJobType } from '../../api/prowjob.ts';
import type { Refs } from '../../api/refs.ts';

/** The section `github_reporter` and what the reporter needs of `plank`. Entries of the lists are `org` or `org/repo`. */
export interface GitHubReportConfig {
  job_types_to_report: readonly ProwJobType[];
  no_comment_repos: readonly string[];
  summary_comment_repos: readonly string[];
  /** plank.report_templates, compiled, by `org/repo`, `org` or `*`. */
  report_templates: Readonly<Record<string, Template>>;
}

/** The repository's template, else its organisation's, else the one for all (Prow: Controller.ReportTemplateForRepo). */
export function reportTemplate(config: GitHubReportConfig, refs: Refs | undefined): Template | undefined {
  const { report_templates: templates } = config;
  const own = refs && (templates[`${refs.org}/${refs.repo}`] ?? templates[refs.org]);
  return own ?? templates['*'];
}

/** Whether the list names the repository or its organisation. */
export function lists(entries: readonly string[], refs: Refs): boolean {
  return entries.includes(refs.org) || entries.includes(`${refs.org}/${refs.repo}`);
}
