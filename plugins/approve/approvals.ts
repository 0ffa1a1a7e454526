import type { Comment, Review, ReviewComment } from '../../core/plugin/index.ts';
import { commandText, normLogin } from '../../core/plugin/index.ts';

/** Somebody's approval; the latest one counts, but a plain one does not take back what a `no-issue` one said. */
export interface Approval {
  login: string;
  how: 'Approved' | 'LGTM' | 'Author self-approved';
  /** Where it was given. */
  url: string;
  noIssue: boolean;
}

/** By lower-case login. */
export type Approvals = ReadonlyMap<string, Approval>;

/** Anything that somebody wrote about the change. */
export interface Remark {
  author: string;
  body: string;
  url: string;
  at: string;
  review?: Review['state'];
}

/** What the lines of a text say, in order. */
export type Verdict = { how: 'Approved' | 'LGTM'; noIssue: boolean } | 'cancel';

/** Oldest first. */
export function remarksOf(
  comments: readonly Comment[],
  lines: readonly ReviewComment[],
  reviews: readonly Review[],
): Remark[] {
  const remarks: Remark[] = [
    ...[...lines, ...comments].map(({ author, body, url, createdAt }) => ({ author, body, url, at: createdAt })),
    ...reviews.map(({ author, body, url, submittedAt, state }) => ({
      author,
      body,
      url,
      at: submittedAt,
      review: state,
    })),
  ];
  return remarks.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

export interface Reading {
  /** The approval that stands from the beginning: the author's own. */
  self?: Approval;
  /** Whether reviews count for what they are. */
  reviewsCount: boolean;
  isBot(login: string): boolean;
  /** What a text says. */
  verdicts(text: string): Verdict[];
}

/** Who approves, after all that was said (Prow: addApprovers). */
export function approvalsIn(remarks: readonly Remark[], reading: Reading): Map<string, Approval> {
  const approvals = new Map<string, Approval>();
  if (reading.self) approvals.set(normLogin(reading.self.login), reading.self);
  for (const remark of remarks)
    if (remark.author !== '' && !reading.isBot(remark.author))
      for (const verdict of verdictsOf(remark, reading)) take(approvals, remark, verdict);
  return approvals;
}

/** Words are stronger than the review they stand in, for they come after it. */
function verdictsOf({ body, review }: Remark, { reviewsCount, verdicts }: Reading): Verdict[] {
  const said = verdicts(commandText(body));
  if (!reviewsCount) return said;
  if (review === 'APPROVED') return [{ how: 'Approved', noIssue: false }, ...said];
  return review === 'CHANGES_REQUESTED' ? ['cancel', ...said] : said;
}

function take(approvals: Map<string, Approval>, { author, url }: Remark, verdict: Verdict): void {
  const key = normLogin(author);
  if (verdict === 'cancel') {
    approvals.delete(key);
    return;
  }
  if (approvals.get(key)?.noIssue && !verdict.noIssue) return;
  approvals.set(key, { login: author, url, ...verdict });
}

/** The issue that a description names first; 0 where it names none. */
export function associatedIssue(description: string, org: string): number {
  const named = new RegExp(`(?:${RegExp.escape(org)}/[^/]+/issues/|#)(\\d+)`).exec(description);
  const number = Number(named?.[1] ?? 0);
  return Number.isSafeInteger(number) ? number : 0;
}
