import { hash } from 'node:crypto';
import { orderKey } from './order.ts';

/** Something that a delivery told about an issue, a pull request or a branch. From these a sweep tells what was missed from what was handled (core/gaps). */
export interface Fact {
  /** What it is about: an order key, or `org/repo@` for branches. */
  key: string;
  /** `head`, `labels`, …; a branch; `issue_comment/123`. */
  field: string;
  value: string;
  /** Since when, in milliseconds since 1970 by GitHub's clock: an older delivery that comes late changes nothing. */
  at: number;
  /** The event was about this. What only stands beside it counts where nothing is known yet, as the event that was about it may still be missing. */
  told: boolean;
}

/** An issue or pull request, as payloads and the REST API show it. */
export interface Shown {
  number: number;
  title?: string;
  body?: string | null;
  state?: string;
  updated_at?: string;
  labels?: (string | { name?: string })[];
  /** Of pull requests alone. */
  draft?: boolean;
  head?: { sha?: string };
  base?: { ref?: string };
}

interface Told {
  action?: string;
  /** Of a push, `pushed_at` is in seconds. */
  repository?: { full_name?: string; pushed_at?: unknown };
  issue?: Shown;
  pull_request?: Shown;
  comment?: Written;
  review?: Written;
  ref?: string;
  before?: string;
  after?: string;
}

interface Written {
  id?: number;
  created_at?: string;
  submitted_at?: string;
}

/** The fields that each action is about; `opened` is about all. */
const ABOUT: Readonly<Record<string, readonly string[]>> = {
  synchronize: ['head'],
  edited: ['title', 'body', 'base'],
  labeled: ['labels'],
  unlabeled: ['labels'],
  closed: ['state'],
  reopened: ['state'],
  ready_for_review: ['draft'],
  converted_to_draft: ['draft'],
};

/** What is kept of an issue or pull request. */
export function fieldsOf({ title, body, state, labels = [], draft, head, base }: Shown): Record<string, string> {
  const names = labels.map((label) => (typeof label === 'string' ? label : (label.name ?? ''))).sort();
  return {
    title: title ?? '',
    body: hash('sha1', body ?? '').slice(0, 12),
    state: state ?? '',
    labels: JSON.stringify(names),
    ...(head?.sha && { head: head.sha, base: base?.ref ?? '', draft: String(draft ?? false) }),
  };
}

/** Where the heads of a repository's branches are kept. */
export function branchesKey(fullName: string): string {
  return `${fullName.toLowerCase()}@`;
}

export function factsOf(event: string, body: unknown): Fact[] {
  const told = (body ?? {}) as Told;
  const repo = told.repository?.full_name;
  if (typeof repo !== 'string') return [];
  if (event === 'push') return pushed(repo, told);
  const key = orderKey('', event, body);
  const written = writtenIn(event, told);
  if (written) return [{ key, field: `${event}/${written.id}`, value: '', at: timeOf(written), told: true }];
  const shown = event === 'pull_request' ? told.pull_request : event === 'issues' ? told.issue : undefined;
  if (!shown || !key) return [];
  const { action = '' } = told;
  const about = Object.hasOwn(ABOUT, action) ? (ABOUT[action] ?? []) : [];
  const at = Date.parse(shown.updated_at ?? '') || 0;
  return Object.entries(fieldsOf(shown)).map(([field, value]) => ({
    key,
    field,
    value,
    at,
    told: action === 'opened' || about.includes(field),
  }));
}

function pushed(repo: string, { ref, after, repository }: Told): Fact[] {
  if (!ref || !after) return [];
  const seconds = repository?.pushed_at;
  const at = typeof seconds === 'number' ? seconds * 1000 : 0;
  return [{ key: branchesKey(repo), field: ref, value: after, at, told: true }];
}

/** A new comment or review. */
function writtenIn(event: string, { action, comment, review }: Told): Written | undefined {
  if (event === 'issue_comment' || event === 'pull_request_review_comment')
    return action === 'created' ? comment : undefined;
  return event === 'pull_request_review' && action === 'submitted' ? review : undefined;
}

function timeOf({ created_at, submitted_at }: Written): number {
  return Date.parse(created_at ?? submitted_at ?? '') || 0;
}

/**
 * The id under which a sweep hands in what a delivery was about, where that says exactly which event it was: a delivery that arrives after all is then known.
 * `undefined` for all others.
 */
export function twinOf(event: string, body: unknown): string | undefined {
  const told = (body ?? {}) as Told;
  const { action, before, after } = told;
  const written = writtenIn(event, told);
  if (written?.id) return missedId(`${event}/${written.id}`);
  const key = orderKey('', event, body);
  if (!key) return undefined;
  if (action === 'opened') return missedId(`${key} opened`);
  return (event === 'push' || action === 'synchronize') && after ? missedId(`${key} ${before}..${after}`) : undefined;
}

/** A delivery id in GitHub's form, always the same for the same event. */
export function missedId(what: string): string {
  const hex = hash('sha1', `missed ${what}`);
  return [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
