import type { Change } from '../../model/changes.ts';
import { accountByLogin } from '../../model/lookup.ts';
import type { Issue, Repo } from '../../model/records.ts';
import type { Entry, LabelView, StatusState } from '../views.ts';
import { causeOf, isBot } from './cause.ts';
import { personOf, type Reading, repoPath, shownLogin } from './context.ts';
import { commandsIn, renderMarkdown } from './markdown.ts';

/** The talk of an issue or a pull request, oldest first: its description, its comments, and what happened between. */
export function timelineOf(reading: Reading, issue: Issue): Entry[] {
  const { world, repo } = reading;
  const changes = world.feed.of(repoPath(world, repo).slice(1), issue.number).filter(isAct);
  const lines = new Map(changes.map((change, index) => [index, lineOf(reading, issue, change, changes, index)]));
  const told = changes.flatMap((_, index) => lines.get(index) ?? []);
  const entries = [descriptionOf(reading, issue, changes), ...untold(reading, issue, changes), ...told];
  return joined(entries.sort((one, other) => one.at.localeCompare(other.at)));
}

function isAct(change: Change): boolean {
  return !change.kind.startsWith('delivery.');
}

function nameOf(reading: Reading, login: string): string {
  const account = accountByLogin(reading.world, login);
  return account ? shownLogin(account) : login;
}

function descriptionOf(reading: Reading, issue: Issue, changes: readonly Change[]): Entry {
  const index = changes.findIndex(({ kind }) => kind === 'pull.opened' || kind === 'issue.opened');
  const cause = index < 0 ? null : causeOf(reading.world, changes, index, reading.arrivals);
  const body = issue.body ?? '';
  return {
    type: 'comment',
    key: `i${issue.id}`,
    anchor: `issue-${issue.id}`,
    person: personOf(reading.world, reading.repo, reading.world.accounts.need(issue.authorId)),
    at: issue.createdAt,
    html: renderMarkdown(body.trim() === '' ? '_No description._' : body),
    cause: cause && (cause.effects.length > 0 || commandsIn(body).length > 0) ? cause : null,
  };
}

/** Comments whose change the feed has forgotten: they are still said. */
function untold(reading: Reading, issue: Issue, changes: readonly Change[]): Entry[] {
  const known = new Set(changes.filter(({ kind }) => kind === 'comment.created').map(({ data }) => data.commentId));
  return reading.world.comments
    .in(issue.id)
    .filter(({ id }) => !known.has(id))
    .flatMap(({ id }) => commentOf(reading, id, null) ?? []);
}

function commentOf(reading: Reading, id: number, cause: Extract<Entry, { type: 'comment' }>['cause']): Entry | null {
  const { world, repo } = reading;
  const comment = world.comments.get(id);
  if (!comment) return null;
  return {
    type: 'comment',
    key: `c${id}`,
    anchor: `issuecomment-${id}`,
    person: personOf(world, repo, world.accounts.need(comment.authorId)),
    at: comment.createdAt,
    html: renderMarkdown(comment.body),
    cause: commandsIn(comment.body).length > 0 ? cause : null,
  };
}

function lineOf(
  reading: Reading,
  issue: Issue,
  change: Change,
  changes: readonly Change[],
  index: number,
): Entry | null {
  const { world } = reading;
  const base = { key: `e${change.id}`, actor: nameOf(reading, change.actor), at: change.at };
  const { data } = change;
  switch (change.kind) {
    case 'comment.created': {
      const cause = isBot(world, change.actor) ? null : causeOf(world, changes, index, reading.arrivals);
      return commentOf(reading, Number(data.commentId), cause);
    }
    case 'label.added':
      return { ...base, type: 'labels', added: [labelOf(reading.repo, reading, data)], removed: [] };
    case 'label.removed':
      return { ...base, type: 'labels', added: [], removed: [labelOf(reading.repo, reading, data)] };
    case 'status.set':
      return { ...base, type: 'status', context: String(data.context), state: data.state as StatusState };
    case 'pull.pushed': {
      const commits = Array.isArray(data.commits) ? data.commits : [];
      const title = String(commits.at(-1)?.message ?? '').split('\n')[0] ?? '';
      const sha = String(data.after);
      const href = `${repoPath(world, reading.repo)}/pull/${issue.number}/commits#${sha}`;
      return { ...base, type: 'push', sha: sha.slice(0, 7), title, href };
    }
    default: {
      const words = wordsOf(change);
      return words === null ? null : { ...base, type: 'note', words };
    }
  }
}

function labelOf(repo: Repo, reading: Reading, data: Record<string, unknown>): LabelView {
  const name = String(data.label);
  const color = reading.world.labels.in(repo.id).find((label) => label.name === name)?.color ?? String(data.color);
  return { name, color: safeColor(color) };
}

/** Six hex digits; anything else becomes grey. */
export function safeColor(color: string): string {
  return /^[0-9a-f]{6}$/i.test(color) ? color : '888888';
}

const WORDS: Partial<Record<Change['kind'], string>> = {
  'pull.closed': 'closed this',
  'issue.closed': 'closed this',
  'pull.reopened': 'opened this again',
  'issue.reopened': 'opened this again',
  'pull.merged': 'merged this',
  'pull.draft': 'made this a draft',
  'pull.ready': 'said that this is ready for review',
  'pull.edited': 'edited this',
  'issue.edited': 'edited this',
  'issue.locked': 'locked the conversation',
  'pull.locked': 'locked the conversation',
  'comment.deleted': 'deleted a comment',
  'review.dismissed': 'dismissed a review',
  'milestone.added': 'set the milestone',
  'milestone.removed': 'removed the milestone',
};

const REVIEWS: Record<string, string> = {
  APPROVED: 'approved this change',
  CHANGES_REQUESTED: 'asked for changes',
  COMMENTED: 'reviewed this change',
};

function wordsOf(change: Change): string | null {
  const { kind, data } = change;
  if (kind === 'review.submitted') return REVIEWS[String(data.state)] ?? null;
  if (kind === 'assignee.added') return `assigned ${data.login}`;
  if (kind === 'assignee.removed') return `unassigned ${data.login}`;
  if (kind === 'reviewer.added') return `asked ${data.login} for a review`;
  if (kind === 'reviewer.removed') return `no longer asks ${data.login} for a review`;
  return WORDS[kind] ?? null;
}

/** Neighbours of one kind by one actor become one line: labels together, a context only with its latest state. */
export function joined(entries: readonly Entry[]): Entry[] {
  const result: Entry[] = [];
  for (const entry of entries) {
    const last = result.at(-1);
    if (entry.type === 'labels' && last?.type === 'labels' && last.actor === entry.actor) {
      result[result.length - 1] = { ...last, ...mergedLabels(last, entry), at: entry.at };
    } else {
      if (entry.type === 'status') dropOlder(result, entry.context);
      result.push(entry);
    }
  }
  return result;
}

type Labels = Pick<Extract<Entry, { type: 'labels' }>, 'added' | 'removed'>;

function mergedLabels(one: Labels, other: Labels): Labels {
  return { added: [...one.added, ...other.added], removed: [...one.removed, ...other.removed] };
}

/** Among the statuses at the end of the talk, the one that the new state replaces goes. */
function dropOlder(entries: Entry[], context: string): void {
  for (let index = entries.length - 1; entries[index]?.type === 'status'; index--) {
    const entry = entries[index];
    if (entry?.type === 'status' && entry.context === context) entries.splice(index, 1);
  }
}
