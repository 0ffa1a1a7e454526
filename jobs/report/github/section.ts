import { z } from 'zod';
import { section } from '../../../core/config/section.ts';

const REPORTABLE = ['presubmit', 'postsubmit'] as const;

const GitHubReporter = z.object({
  job_types_to_report: z.array(z.enum(REPORTABLE)).default([]),
  no_comment_repos: z.array(z.string()).default([]),
  summary_comment_repos: z.array(z.string()).default([]),
});

/** The key `github_reporter` of config.yaml. Presubmits and postsubmits are reported unless it says otherwise (Prow: pkg/config/config.go). */
export const githubReporterConfig = section({
  key: 'github_reporter',
  schema: GitHubReporter,
  finish: (value) => ({
    ...value,
    job_types_to_report:
      value.job_types_to_report.length > 0 ? value.job_types_to_report : (['presubmit', 'postsubmit'] as const),
  }),
});
