import { z } from 'zod';
import type { CommentEvent, HookEvent, PluginEvent, WebhookEventName } from '../plugin/event.ts';
import { commandText } from '../plugin/text.ts';
import type { PullRequest } from '../ports/index.ts';

/** A value that may be missing; one of a wrong type counts as missing, so that a payload that somebody made up stops nobody. */
function maybe<T extends z.ZodType>(schema: T) {
  return schema.nullish().catch(undefined);
}

const text = maybe(z.string());
const number = maybe(z.int().positive());
const flag = maybe(z.boolean());

const User = z.object({ login: text, type: text });

const Written = z.object({
  id: number,
  body: text,
  user: maybe(User),
  html_url: text,
  state: text,
  created_at: text,
  submitted_at: text,
});

const Issue = Written.extend({
  number,
  title: text,
  assignees: maybe(z.array(User)),
  pull_request: z.unknown().optional(),
});

const End = z.object({
  ref: text,
  sha: text,
  user: maybe(User),
  repo: maybe(z.object({ name: text, owner: maybe(User) })),
});

const Pull = Issue.extend({
  node_id: text,
  draft: flag,
  merged: flag,
  merged_at: text,
  mergeable: flag,
  merge_commit_sha: text,
  labels: maybe(z.array(z.object({ name: z.string() }))),
  requested_reviewers: maybe(z.array(User)),
  requested_teams: maybe(z.array(z.object({ slug: z.string() }))),
  head: maybe(End),
  base: maybe(End),
  commits: number,
});

/** The fields of GitHub's payloads that are read here. */
const Payload = z.object({
  action: text,
  repository: maybe(z.object({ name: z.string(), owner: z.object({ login: text, name: text }) })),
  issue: maybe(Issue),
  pull_request: maybe(Pull),
  comment: maybe(Written),
  review: maybe(Written),
});
type Payload = z.infer<typeof Payload>;

/** Each of these is about one issue or pull request. */
const ABOUT_ONE: ReadonlySet<string> = new Set([
  'issue_comment',
  'issues',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
]);

/**
 * What a webhook means for plugins: itself, and where somebody wrote something also a comment event (Prow: pkg/hook/events.go). The comment comes last.
 * Empty where no repository is named, or what it is about is missing.
 */
export function eventsOf(delivery: string, event: string, body: unknown): PluginEvent[] {
  const read = Payload.safeParse(body);
  if (!read.success) return [];
  const payload = read.data;
  const { owner, name: repo } = payload.repository ?? {};
  const org = owner?.login ?? owner?.name;
  if (!org || !repo) return [];
  const head = { delivery, org, repo };
  const about = payload.pull_request?.number ?? payload.issue?.number;
  if (!about && ABOUT_ONE.has(event)) return [];
  const hook: HookEvent = {
    ...head,
    kind: event as WebhookEventName,
    action: payload.action ?? '',
    ...(about && { number: about }),
    ...(payload.pull_request && { pull: pullOf(payload.pull_request) }),
    payload: body as HookEvent['payload'],
  };
  const comment = commentOf(head, event, payload);
  return comment ? [hook, comment] : [hook];
}

const ACTIONS: Readonly<Record<string, CommentEvent['action']>> = {
  created: 'created',
  opened: 'created',
  submitted: 'created',
  edited: 'edited',
  deleted: 'deleted',
  dismissed: 'deleted',
};

const REVIEWS = ['approved', 'changes_requested', 'commented', 'dismissed'] as const;

type Said = Pick<CommentEvent, 'source' | 'isPull'> & {
  said: z.infer<typeof Written>;
  about: z.infer<typeof Issue>;
};

function commentOf(
  head: Pick<CommentEvent, 'delivery' | 'org' | 'repo'>,
  event: string,
  payload: Payload,
): CommentEvent | undefined {
  const action = payload.action && Object.hasOwn(ACTIONS, payload.action) ? ACTIONS[payload.action] : undefined;
  const found = saidIn(event, payload);
  if (!action || !found?.about.number) return undefined;
  const { said, about, source, isPull } = found;
  const body = said.body ?? '';
  return {
    ...head,
    kind: 'comment',
    action,
    source,
    number: found.about.number,
    isPull,
    state: about.state === 'closed' ? 'closed' : 'open',
    title: about.title ?? '',
    description: about.body ?? '',
    author: about.user?.login ?? '',
    assignees: (about.assignees ?? []).map(({ login }) => login ?? ''),
    user: said.user?.login ?? '',
    userIsBot: said.user?.type === 'Bot',
    body,
    text: commandText(body),
    url: said.html_url ?? '',
    ...(source === 'comment' && said.id && { commentId: said.id }),
    ...(source === 'review' && {
      review: REVIEWS.find((verdict) => verdict === said.state?.toLowerCase()) ?? 'commented',
    }),
    createdAt: said.created_at ?? said.submitted_at ?? '',
  };
}

function saidIn(event: string, { issue, pull_request: pull, comment, review }: Payload): Said | undefined {
  if (event === 'issues' && issue) return { source: 'description', isPull: false, said: issue, about: issue };
  if (event === 'pull_request' && pull) return { source: 'description', isPull: true, said: pull, about: pull };
  if (event === 'issue_comment' && issue && comment)
    return { source: 'comment', isPull: Boolean(issue.pull_request), said: comment, about: issue };
  if (event === 'pull_request_review' && pull && review)
    return { source: 'review', isPull: true, said: review, about: pull };
  if (event === 'pull_request_review_comment' && pull && comment)
    return { source: 'review-comment', isPull: true, said: comment, about: pull };
  return undefined;
}

function pullOf(raw: z.infer<typeof Pull>): PullRequest {
  return {
    number: raw.number ?? 0,
    nodeId: raw.node_id ?? '',
    title: raw.title ?? '',
    body: raw.body ?? '',
    author: raw.user?.login ?? '',
    authorIsBot: raw.user?.type === 'Bot',
    state: raw.state === 'closed' ? 'closed' : 'open',
    draft: raw.draft ?? false,
    merged: raw.merged ?? Boolean(raw.merged_at),
    mergeable: raw.mergeable ?? null,
    ...(raw.merge_commit_sha && { mergeCommitSha: raw.merge_commit_sha }),
    labels: (raw.labels ?? []).map(({ name }) => name),
    assignees: logins(raw.assignees),
    requestedReviewers: logins(raw.requested_reviewers),
    requestedTeams: (raw.requested_teams ?? []).map(({ slug }) => slug),
    head: endOf(raw.head),
    base: endOf(raw.base),
    url: raw.html_url ?? '',
    commits: raw.commits ?? 0,
  };
}

function endOf(end: z.infer<typeof End> | null | undefined): PullRequest['head'] {
  const org = end?.repo?.owner?.login ?? '';
  return { ref: end?.ref ?? '', sha: end?.sha ?? '', org, repo: end?.repo?.name ?? '', user: end?.user?.login ?? org };
}

function logins(users: z.infer<typeof User>[] | null | undefined): string[] {
  return (users ?? []).flatMap(({ login }) => login ?? []);
}
