export interface IssueRef {
  org: string;
  repo: string;
  number: number;
}

/** `5` or `org/repo#5`; undefined for anything else (Prow: pkg/plugins/issue-management/link-issue.go, parseIssueRef). */
export function parseIssueRef(text: string, org: string, repo: string): IssueRef | undefined {
  const [, otherOrg, otherRepo, digits] = /^(?:([\w-]+)\/([\w.-]+)#)?(\d+)$/.exec(text) ?? [];
  const number = Number(digits);
  if (!Number.isSafeInteger(number) || (otherRepo !== undefined && !isRepoName(otherRepo))) return undefined;
  return { org: otherOrg ?? org, repo: otherRepo ?? repo, number };
}

/** Whether a repository could be called so: no path leads elsewhere. */
export function isRepoName(text: string): boolean {
  return /^[\w.-]+$/.test(text) && text !== '.' && text !== '..';
}

/** As GitHub writes it in this repository. */
export function formatIssueRef(ref: IssueRef, org: string, repo: string): string {
  return ref.org === org && ref.repo === repo ? `#${ref.number}` : `${ref.org}/${ref.repo}#${ref.number}`;
}

const FIXES = /^fixes\s+(.*)$/is;

/** The description with issues added to, and taken from, its first `Fixes` line, which comes and goes with them. */
export function withFixes(body: string, add: readonly string[], remove: readonly string[]): string {
  const lines = body.split('\n');
  const at = lines.findIndex((line) => FIXES.test(line));
  const before = FIXES.exec(lines[at] ?? '')?.[1]?.split(/\s+/) ?? [];
  const kept = before.filter((issue) => issue !== '' && !remove.includes(issue));
  const issues = [...new Set([...kept, ...add])].sort();
  if (issues.length === 0) return lines.filter((_, index) => index !== at).join('\n');
  const line = `Fixes ${issues.join(' ')}`;
  if (at >= 0) return lines.with(at, line).join('\n');
  return [...lines, ...(lines.at(-1) === '' ? [] : ['']), line].join('\n');
}
