import { combinedState, latestStatuses } from '../present/statuses.ts';
import { accountByLogin, fullName, labelsOf, slugOf } from './lookup.ts';
import type { Issue } from './records.ts';
import { reviewDecision } from './reviews.ts';
import type { World } from './world.ts';

interface Term {
  negated: boolean;
  /** Empty for free text. */
  name: string;
  value: string;
}

export interface SearchQuery {
  terms: Term[];
  sort: string;
  ascending: boolean;
}

/** Reads a search as GitHub does: `name:value`, `-name:value`, quotes, everything else is text. `sort:` may stand in it. */
export function parseSearch(text: string): SearchQuery {
  const terms: Term[] = [];
  let sort = 'created';
  let ascending = false;
  for (const match of text.matchAll(/(-?)(?:([\w-]+):)?("[^"]*"|[^\s"]+)/g)) {
    const [, minus = '', name = '', raw = ''] = match;
    const value = raw.replace(/^"|"$/g, '');
    if (name === 'sort') {
      sort = value.replace(/-(asc|desc)$/, '');
      ascending = value.endsWith('-asc');
    } else terms.push({ negated: minus === '-', name: name.toLowerCase(), value });
  }
  return { terms, sort, ascending };
}

/** Searches issues and pull requests. `sees` says whose repositories the searcher may read. */
export function searchIssues(world: World, query: SearchQuery, sees: (repoId: number) => boolean): Issue[] {
  const places = query.terms.filter((term) => ['repo', 'org', 'user'].includes(term.name) && !term.negated);
  const others = query.terms.filter((term) => !places.includes(term));
  const found = world.issues
    .all()
    .filter((issue) => sees(issue.repoId))
    // Several places widen the search, all else narrows it.
    .filter((issue) => places.length === 0 || places.some((term) => matches(world, issue, term)))
    .filter((issue) => others.every((term) => matches(world, issue, term) !== term.negated));
  const up = query.ascending ? 1 : -1;
  return found.sort((a, b) => up * compare(world, query.sort, a, b));
}

function compare(world: World, sort: string, a: Issue, b: Issue): number {
  if (sort === 'updated') return a.updatedAt.localeCompare(b.updatedAt) || a.id - b.id;
  if (sort === 'comments') return world.comments.in(a.id).length - world.comments.in(b.id).length || a.id - b.id;
  return a.createdAt.localeCompare(b.createdAt) || a.id - b.id;
}

type Test = (world: World, issue: Issue, value: string) => boolean;

const IS: Record<string, Test> = {
  pr: (_, issue) => issue.pull !== undefined,
  issue: (_, issue) => issue.pull === undefined,
  open: (_, issue) => issue.state === 'open',
  closed: (_, issue) => issue.state === 'closed',
  merged: (_, issue) => issue.pull?.merged === true,
  unmerged: (_, issue) => issue.pull?.merged === false,
  draft: (_, issue) => issue.pull?.draft === true,
  locked: (_, issue) => issue.locked,
  unlocked: (_, issue) => !issue.locked,
  public: (world, issue) => !world.repos.need(issue.repoId).private,
  private: (world, issue) => world.repos.need(issue.repoId).private,
  archived: (world, issue) => world.repos.need(issue.repoId).archived,
};

const NO: Record<string, Test> = {
  label: (_, issue) => issue.labelIds.length === 0,
  assignee: (_, issue) => issue.assigneeIds.length === 0,
  milestone: (_, issue) => issue.milestoneId === null,
};

const is: Test = (world, issue, value) => IS[value.toLowerCase()]?.(world, issue, value) ?? false;
const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

function isBy(world: World, id: number, login: string): boolean {
  const account = world.accounts.need(id);
  return same(account.login, login) || (login.startsWith('app/') && same(slugOf(account), login.slice(4)));
}

const QUALIFIERS: Record<string, Test> = {
  is,
  type: is,
  state: is,
  no: (world, issue, value) => NO[value.toLowerCase()]?.(world, issue, value) ?? false,
  archived: (world, issue, value) => world.repos.need(issue.repoId).archived === (value === 'true'),
  repo: (world, issue, value) => same(fullName(world, world.repos.need(issue.repoId)), value),
  org: ownedBy,
  user: ownedBy,
  label: (world, issue, value) =>
    value
      .split(',')
      .some((name) => labelsOf(world, issue).some((label) => same(label.name, name.replace(/^"|"$/g, '')))),
  author: (world, issue, value) => isBy(world, issue.authorId, value),
  assignee: (world, issue, value) => issue.assigneeIds.some((id) => isBy(world, id, value)),
  mentions: (_, issue, value) => mentions(issue.body ?? '', value),
  commenter: (world, issue, value) => world.comments.in(issue.id).some((it) => isBy(world, it.authorId, value)),
  involves: (world, issue, value) =>
    isBy(world, issue.authorId, value) ||
    issue.assigneeIds.some((id) => isBy(world, id, value)) ||
    mentions(issue.body ?? '', value) ||
    world.comments.in(issue.id).some((it) => isBy(world, it.authorId, value)),
  'review-requested': (world, issue, value) =>
    issue.pull?.requestedReviewerIds.some((id) => isBy(world, id, value)) ?? false,
  'reviewed-by': (world, issue, value) => world.reviews.in(issue.id).some((it) => isBy(world, it.authorId, value)),
  milestone: (world, issue, value) => same(world.milestones.get(issue.milestoneId)?.title ?? '', value),
  head: (_, issue, value) => issue.pull?.headRef === value,
  base: (_, issue, value) => issue.pull?.baseRef === value,
  draft: (_, issue, value) => issue.pull?.draft === (value === 'true'),
  merged: (_, issue, value) => inRange(issue.pull?.mergedAt ?? null, value),
  created: (_, issue, value) => inRange(issue.createdAt, value),
  updated: (_, issue, value) => inRange(issue.updatedAt, value),
  closed: (_, issue, value) => inRange(issue.closedAt, value),
  in: () => true,
  review: (world, issue, value) => reviewIs(world, issue, value),
  status: (world, issue, value) =>
    issue.pull !== undefined &&
    combinedState(latestStatuses(world, world.repos.need(issue.repoId), issue.pull.headSha)) === value,
};

function ownedBy(world: World, issue: Issue, login: string): boolean {
  return world.repos.need(issue.repoId).ownerId === accountByLogin(world, login)?.id;
}

function mentions(text: string, login: string): boolean {
  return text.toLowerCase().includes(`@${login.toLowerCase()}`);
}

function reviewIs(world: World, issue: Issue, value: string): boolean {
  if (!issue.pull) return false;
  const decision = reviewDecision(world, { ...issue, pull: issue.pull });
  if (value === 'none') return world.reviews.in(issue.id).length === 0;
  return (
    decision === { approved: 'APPROVED', changes_requested: 'CHANGES_REQUESTED', required: 'REVIEW_REQUIRED' }[value]
  );
}

/** GitHub's dates: `>=D`, `<D`, `D..D`, `D..*`, or a day, with or without a time. */
function inRange(at: string | null, range: string): boolean {
  if (!at) return false;
  const time = Date.parse(at);
  const day = 86_400_000;
  const start = (text: string) => (text === '*' ? Number.NEGATIVE_INFINITY : Date.parse(text));
  const end = (text: string) =>
    text === '*' ? Number.POSITIVE_INFINITY : Date.parse(text) + (text.includes('T') ? 999 : day - 1);
  const [from = '', to] = range.split('..');
  if (to !== undefined) return time >= start(from) && time <= end(to);
  const [, sign = '', date = ''] = /^([<>]=?)?(.*)$/.exec(range) ?? [];
  if (sign === '>') return time > end(date);
  if (sign === '>=') return time >= start(date);
  if (sign === '<') return time < start(date);
  if (sign === '<=') return time <= end(date);
  return time >= start(date) && time <= end(date);
}

function matches(world: World, issue: Issue, term: Term): boolean {
  const test = QUALIFIERS[term.name];
  if (test) return test(world, issue, term.value);
  const text = term.name === '' ? term.value : `${term.name}:${term.value}`;
  return hasText(world, issue, text.toLowerCase());
}

function hasText(world: World, issue: Issue, text: string): boolean {
  if (/^[0-9a-f]{7,40}$/.test(text) && issue.pull) {
    if (issue.pull.headSha.startsWith(text) || issue.pull.mergeCommitSha?.startsWith(text)) return true;
  }
  const places = [issue.title, issue.body ?? '', ...world.comments.in(issue.id).map((it) => it.body)];
  return places.some((place) => place.toLowerCase().includes(text));
}
