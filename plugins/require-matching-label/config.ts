import { z } from 'zod';
import { compilePattern, globalSettings, type Pattern, parseDuration } from '../../core/plugin/index.ts';

const Entry = z.object({
  org: z.string().default(''),
  /** Empty: every repository of the organisation. */
  repo: z.string().default(''),
  /** Empty: every branch. For pull requests only. */
  branch: z.string().default(''),
  prs: z.boolean().default(false),
  issues: z.boolean().default(false),
  regexp: z.string().default(''),
  missing_label: z.string().default(''),
  missing_comment: z.string().default(''),
  /** How long others may take to label what has just been opened. */
  grace_period: z.string().default(''),
});
type Entry = z.output<typeof Entry>;

export interface Requirement extends Omit<Entry, 'grace_period'> {
  pattern: Pattern;
  graceMs: number;
}

/** Section `require_matching_label` of plugins.yaml (Prow: pkg/plugins/config.go, RequireMatchingLabel). */
export const requirements = globalSettings<Entry[], Requirement[]>('require_matching_label', z.array(Entry), {
  describe: (all) =>
    `The plugin has the following configurations:\n<ul><li>${all.map(describe).join('</li><li>')}</li></ul>`,
  finish: (entries, view, file) =>
    entries.flatMap((entry, index) => {
      try {
        return [requirement(entry)];
      } catch (error) {
        view.problem(file, ['require_matching_label', index], error instanceof Error ? error.message : String(error));
        return [];
      }
    }),
});

function requirement(entry: Entry): Requirement {
  const pattern = compilePattern(entry.regexp);
  const wrong = problemOf(entry, pattern);
  if (wrong !== undefined) throw new Error(wrong);
  return { ...entry, pattern, graceMs: parseDuration(entry.grace_period || '5s') };
}

function problemOf(entry: Entry, pattern: Pattern): string | undefined {
  if (entry.org === '') return "must specify 'org'";
  if (entry.repo.includes('/')) return "'repo' may not contain '/'; specify the organization with 'org'";
  if (entry.regexp === '') return "must specify 'regexp'";
  if (entry.missing_label === '') return "must specify 'missing_label'";
  if (!entry.prs && !entry.issues) return "must specify 'prs: true' and/or 'issues: true'";
  if (!entry.prs && entry.branch !== '') return "branch cannot be specified without `prs: true'";
  return pattern.test(entry.missing_label) ? "'regexp' must not match 'missing_label'" : undefined;
}

function describe({ missing_label, missing_comment, issues, prs, branch, org, repo, regexp }: Requirement): string {
  const pulls = prs ? `${branch === '' ? '' : `'${branch}' branch `}PRs ` : '';
  const what = `${issues ? 'Issues ' : ''}${issues && prs ? 'and ' : ''}${pulls}`;
  const where = repo === '' ? `'${org}' GitHub org` : `'${org}/${repo}' GitHub repo`;
  const how = missing_comment === '' ? 'to' : 'and comments on';
  return `Applies the '${missing_label}' label ${how} ${what}in the ${where} that have no labels matching the regular expression '${regexp}'.`;
}
