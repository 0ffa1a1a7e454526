import { IS_OPTIONAL } from '../../api/labels.ts';
import type { ProwJob } from '../../api/prowjob.ts';
import type { ReportComment } from './port.ts';

/** Marks the comment that holds the table of failed tests. */
export const COMMENT_TAG = '<!-- test report -->';

const ABOUT_THIS_BOT =
  'Instructions for interacting with me using PR comments are available [here](https://git.k8s.io/community/contributors/guide/pull-requests.md).  If you have questions or suggestions related to my behavior, please file an issue against the [kubernetes-sigs/prow](https://github.com/kubernetes-sigs/prow/issues/new?title=Prow%20issue:) repository. I understand the commands that are listed [here](https://go.k8s.io/bot-commands).';

/** What to do with the report comments of a pull request. */
export interface CommentPlan {
  deletes: number[];
  /** The rows of the table; with none there is nothing to say. */
  rows: string[];
  /** The comment to change; without it a new one is written. */
  update?: number;
}

/**
 * Which rows stay, which comments go, and whether one is changed or a new one written. A new failure writes a new comment, so that people
 * are notified; a success only edits (Prow: report.parseIssueComments).
 */
export function planComment(
  jobs: readonly ProwJob[],
  isBot: (login: string) => boolean,
  comments: readonly ReportComment[],
): CommentPlan {
  const reports = comments.filter(({ author, body }) => isBot(author) && body.includes(COMMENT_TAG));
  const reported = new Set(jobs.map(({ spec }) => spec.context ?? ''));
  const latest = new Map<string, string>();
  for (const row of reports.flatMap(({ body }) => rowsOf(body))) {
    const context = row.split(' | ')[0] ?? '';
    latest.delete(context);
    if (!reported.has(context)) latest.set(context, row);
  }
  const failures = jobs.filter(({ status }) => status.state === 'failure').map(rowFor);
  const rows = [...latest.values(), ...failures];
  const ids = reports.map(({ id }) => id);
  const newest = ids.pop();
  if (newest === undefined) return { deletes: [], rows };
  if (failures.length > 0 || rows.length === 0) return { deletes: [...ids, newest], rows };
  return { deletes: ids, rows, update: newest };
}

function rowsOf(body: string): string[] {
  const rows: string[] = [];
  let inTable = false;
  for (const line of body.split('\n').map((text) => text.trim())) {
    if (line.startsWith('---')) inTable = true;
    else if (line === '') inTable = false;
    else if (inTable) rows.push(line);
  }
  return rows;
}

function rowFor({ metadata, spec, status }: ProwJob): string {
  const optional = spec.type === 'presubmit' ? metadata.labels?.[IS_OPTIONAL] : undefined;
  const required = optional === 'true' ? 'false' : optional === 'false' ? 'true' : 'unknown';
  const sha = spec.refs?.pulls?.[0]?.sha ?? '';
  return [spec.context ?? '', sha, `[link](${status.url ?? ''})`, required, `\`${spec.rerun_command ?? ''}\``].join(
    ' | ',
  );
}

/** The comment's text: whom it is for, the table or that all is well, what the report template adds, and the tag (Prow: report.createComment). */
export function commentText(author: string, rows: readonly string[], addition: string | undefined): string {
  const plural = rows.length > 1 ? 's' : '';
  const opening =
    rows.length === 0
      ? [`@${author}: all tests **passed!**`, '']
      : [
          `@${author}: The following test${plural} **failed**, say \`/retest\` to rerun all failed tests or \`/retest-required\` to rerun all mandatory failed tests:`,
          '',
          'Test name | Commit | Details | Required | Rerun command',
          '--- | --- | --- | --- | ---',
        ];
  const added = addition === undefined ? [] : ['', addition];
  return [...opening, ...rows, ...added, '', '<details>', '', ABOUT_THIS_BOT, '</details>', COMMENT_TAG].join('\n');
}
