import type { Octokit } from '../github/octokit.ts';
import type { NoteStore } from '../inbox/store.ts';
import type { Gap } from './gap.ts';
import {
  type Comments,
  committedAt,
  eventsOf,
  type Place,
  pullOf,
  reviewsOf,
  type ShownIssue,
  type ShownPull,
  type Written,
} from './look.ts';
import { type Change, changesOf } from './missed.ts';
import { bodyFor, type Missed, type Repository } from './payload.ts';

export interface ItemOptions {
  gh: Octokit;
  at: Place;
  repository: Repository;
  gap: Gap;
  comments: Comments;
  notes: Pick<NoteStore, 'facts'>;
}

/**
 * What nobody told us about one issue or pull request, in the order in which it is to be handled: changes, then what people wrote, then a push. Where a
 * review and a push were both missed, an `lgtm` from before the push must not outlive it.
 */
export async function missedOf(issue: ShownIssue, options: ItemOptions): Promise<Missed[]> {
  const { gh, at, repository, gap, notes } = options;
  const pull = issue.pull_request ? await pullOf(gh, at, issue.number) : undefined;
  const written = await writtenIn(issue, pull, options);
  const key = `${repository.full_name.toLowerCase()}#${issue.number}`;
  const facts = new Map((await notes.facts(key)).map((fact) => [fact.field, fact]));
  const age = pull && !facts.has('head') ? await committedAt(gh, at, pull.head.sha) : undefined;
  const changes = await attributed(changesOf(pull ?? issue, { facts, since: gap.since }, age), issue, options);
  const isPush = ({ body }: Missed): boolean => body.action === 'synchronize';
  return [
    ...changes.filter((missed) => !isPush(missed)),
    ...written.filter(({ field }) => field !== undefined && !facts.has(field)),
    ...changes.filter(isPush),
  ];

  async function attributed(all: Change[], { number, updated_at, user }: ShownIssue, { gh }: ItemOptions) {
    const recorded = all.some((change) => change.recorded) ? await eventsOf(gh, at, number) : [];
    return all.map((change): Missed => {
      const found = recorded.findLast(
        ({ event, label }) => event === change.recorded?.event && label?.name === change.recorded.label,
      );
      const about = pull ? { number, pull_request: pull } : { issue };
      const sender = found?.actor ?? (change.action === 'opened' || change.action === 'synchronize' ? user : null);
      const body = bodyFor(repository, { action: change.action, ...about, ...change.with }, sender);
      return { event: pull ? 'pull_request' : 'issues', body, at: found?.created_at ?? updated_at };
    });
  }
}

/** What people wrote within the gap, the oldest first. */
async function writtenIn(issue: ShownIssue, pull: ShownPull | undefined, options: ItemOptions): Promise<Missed[]> {
  const { gh, at, repository, gap, comments } = options;
  const row = (event: string, parts: object, said: Written): Missed => ({
    event,
    field: `${event}/${said.id}`,
    body: bodyFor(repository, parts, said.user),
    at: said.created_at ?? said.submitted_at ?? '',
  });
  const conversation = (await comments.conversation()).get(issue.number) ?? [];
  const reviews = pull ? await reviewsOf(gh, at, issue.number) : [];
  const lines = pull ? ((await comments.lines()).get(issue.number) ?? []) : [];
  const rows = [
    ...conversation.map((comment) => row('issue_comment', { action: 'created', issue, comment }, comment)),
    ...reviews.map((review) => row('pull_request_review', { action: 'submitted', pull_request: pull, review }, review)),
    ...lines.map((comment) =>
      row('pull_request_review_comment', { action: 'created', pull_request: pull, comment }, comment),
    ),
  ];
  return rows
    .filter(({ at }) => Date.parse(at) >= gap.since && Date.parse(at) <= gap.until)
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
