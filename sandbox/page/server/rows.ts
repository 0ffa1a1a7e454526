import { isPull, labelsOf } from '../../model/lookup.ts';
import type { Delivery, Issue, Repo, Status } from '../../model/records.ts';
import type { World } from '../../model/world.ts';
import { count } from '../ui/format.ts';
import type { Aside, DeliveryRow, LabelView, PullRow, PullState, StatusRow } from '../views.ts';
import { type Reading, repoPath, shownLogin } from './context.ts';
import { safeColor } from './timeline.ts';

export function stateOf(issue: Issue): PullState {
  if (!issue.pull) return issue.state;
  if (issue.pull.merged) return 'merged';
  if (issue.state === 'closed') return 'closed';
  return issue.pull.draft ? 'draft' : 'open';
}

export function labelViews(world: World, issue: Issue): LabelView[] {
  return labelsOf(world, issue).map(({ name, color }) => ({ name, color: safeColor(color) }));
}

/** The newest status of each context on a commit, contexts in order of their names. */
export function statusesOf(world: World, repo: Repo, sha: string): Status[] {
  const latest = new Map<string, Status>();
  for (const status of world.statuses.in(`${repo.id}@${sha}`)) latest.set(status.context, status);
  return [...latest.values()].sort((one, other) => one.context.localeCompare(other.context));
}

/** The pull requests of the left column: open ones first, newest first, then what was closed last. */
export function pullRows(reading: Reading, current: number | null): PullRow[] {
  const { world, repo } = reading;
  const pulls = world.issues.in(repo.id).filter(isPull);
  const open = pulls.filter(({ state }) => state === 'open').sort((one, other) => other.number - one.number);
  const closed = pulls.filter(({ state }) => state === 'closed').sort((one, other) => other.number - one.number);
  return [...open.slice(0, 30), ...closed.slice(0, 5)].map((issue) => ({
    number: issue.number,
    title: issue.title,
    author: shownLogin(world.accounts.need(issue.authorId)),
    state: stateOf(issue),
    note: noteOf(world, repo, issue),
    href: `${repoPath(world, repo)}/pull/${issue.number}`,
    current: issue.number === current,
  }));
}

/** The one thing to know of a pull request in a list: what runs, what failed, what it waits for. */
function noteOf(world: World, repo: Repo, issue: Issue): string {
  if (!issue.pull || issue.state === 'closed') return issue.pull?.merged ? 'merged' : 'closed';
  const labels = labelsOf(world, issue).map(({ name }) => name);
  if (labels.includes('needs-ok-to-test')) return 'needs-ok-to-test';
  const statuses = statusesOf(world, repo, issue.pull.headSha);
  const running = statuses.filter(({ state }) => state === 'pending').length;
  if (running > 0) return `${count(running, 'test')} running`;
  const failed = statuses.filter(({ state }) => state === 'failure' || state === 'error').length;
  if (failed > 0) return `${count(failed, 'test')} failed`;
  if (labels.includes('do-not-merge/hold')) return 'on hold';
  return labels.includes('lgtm') ? 'lgtm' : '';
}

export function deliveryRow(delivery: Delivery): DeliveryRow {
  const { id, event, guid, status, statusCode, durationMs, redelivery } = delivery;
  return {
    id,
    href: `/-/deliveries/${id}`,
    event,
    action: delivery.action ?? '',
    at: delivery.deliveredAt,
    queued: delivery.state === 'queued',
    statusCode,
    status,
    durationMs,
    redelivery,
    guid,
  };
}

/** The right column of a pull request or an issue. */
export function asideOf(reading: Reading, issue: Issue): Aside {
  const { world, repo } = reading;
  const name = repoPath(world, repo).slice(1);
  const mine = new Set(world.feed.of(name, issue.number).map(({ id }) => id));
  const deliveries = world.deliveries.all().filter(({ changeId }) => changeId !== null && mine.has(changeId));
  return {
    statuses: issue.pull ? statusRows(reading, issue, issue.pull.headSha) : null,
    labels: labelViews(world, issue),
    reviewers: issue.pull ? reviewersOf(world, issue) : null,
    deliveries: deliveries.slice(-4).reverse().map(deliveryRow),
    deliveryCount: world.deliveries.size,
  };
}

function statusRows(reading: Reading, issue: Issue, sha: string): StatusRow[] {
  const { world, repo } = reading;
  const path = `${repoPath(world, repo)}/pull/${issue.number}/log`;
  return statusesOf(world, repo, sha).map(({ context, state, description, targetUrl }) => ({
    context,
    state,
    description: shownDescription(description ?? ''),
    href: targetUrl ? `${path}?context=${encodeURIComponent(context)}` : null,
  }));
}

/** A bot may put a base commit behind many spaces, out of sight on GitHub, where a description has one line (Prow: pkg/config/config.go). */
function shownDescription(description: string): string {
  return description.replace(/\s+BaseSHA:[0-9a-f]*$/, '').trim();
}

const REVIEW_WORDS: Record<string, string> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'asked for changes',
  COMMENTED: 'commented',
  DISMISSED: 'dismissed',
};

function reviewersOf(world: World, issue: Issue): { login: string; state: string }[] {
  const states = new Map<string, string>();
  for (const id of issue.pull?.requestedReviewerIds ?? []) states.set(world.accounts.need(id).login, 'waiting');
  for (const review of world.reviews.in(issue.id)) {
    const words = REVIEW_WORDS[review.state];
    const login = world.accounts.need(review.authorId).login;
    if (words && states.get(login) !== 'waiting') states.set(login, words);
  }
  return [...states].map(([login, state]) => ({ login, state }));
}
