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

/** A payload may hold anything where GitHub writes text, and is kept all the same. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** What is kept of an issue or pull request. */
export function fieldsOf({ title, body, state, labels = [], draft, head, base }: Shown): Record<string, string> {
  const names = (Array.isArray(labels) ? labels : [])
    .map((label: (typeof labels)[number] | null) => textOf(typeof label === 'string' ? label : label?.name))
    .sort();
  const sha = textOf(head?.sha);
  return {
    title: textOf(title),
    body: hash('sha1', textOf(body)).slice(0, 12),
    state: textOf(state),
    labels: JSON.stringify(names),
    ...(sha !== '' && { head: sha, base: textOf(base?.ref), draft: String(draft === true) }),
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
  const action = textOf(told.action);
  const about = Object.hasOwn(ABOUT, action) ? (ABOUT[action] ?? []) : [];
  const at = Date.parse(textOf(shown.updated_at)) || 0;
  return Object.entries(fieldsOf(shown)).map(([field, value]) => ({
    key,
    field,
    value,
    at,
    told: action === 'opened' || about.includes(field),
  }));
}

function pushed(repo: string, { ref, after, repository }: Told): Fact[] {
  if (typeof ref !== 'string' || typeof after !== 'string') return [];
  const seconds = repository?.pushed_at;
  const at = typeof seconds === 'number' ? seconds * 1000 : 0;
  return [{ key: branchesKey(repo), field: ref, value: after, at, told: true }];
}

/** A new comment or review. */
function writtenIn(event: string, { action, comment, review }: Told): Written | undefined {
  const isComment = event === 'issue_comment' || event === 'pull_request_review_comment';
  const isReview = event === 'pull_request_review';
  const written = isComment && action === 'created' ? comment : isReview && action === 'submitted' ? review : undefined;
  return typeof written?.id === 'number' ? written : undefined;
}

function timeOf({ created_at, submitted_at }: Written): number {
  return Date.parse(textOf(created_at ?? submitted_at)) || 0;
}

/**
 * The id under which a sweep hands in what a delivery was about, where that says exactly which event it was: a delivery that arrives after all is then known.
 * `undefined` for all others.
 */
export function twinOf(event: string, body: unknown): string | undefined {
  const told = (body ?? {}) as Told;
  const { action, before, after } = told;
  const written = writtenIn(event, told);
  if (written) return missedId(`${event}/${written.id}`);
  const key = orderKey('', event, body);
  if (!key) return undefined;
  if (action === 'opened') return missedId(`${key} opened`);
  return (event === 'push' || action === 'synchronize') && typeof after === 'string'
    ? missedId(`${key} ${before}..${after}`)
    : undefined;
}

/** A delivery id in GitHub's form, always the same for the same event. */
export function missedId(what: string): string {
  const hex = hash('sha1', `missed ${what}`);
  return [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
