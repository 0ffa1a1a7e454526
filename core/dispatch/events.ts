import type { CommentEvent, HookEvent, PluginEvent, WebhookEventName } from '../plugin/event.ts';
import { commandText } from '../plugin/text.ts';
import type { PullRequest } from '../ports/index.ts';

/** The fields of GitHub's payloads that are read here; any of them may be missing in a payload that somebody made up. */
interface User {
  login?: string;
  type?: string;
}

interface Payload {
  action?: string;
  repository?: { name?: string; owner?: { login?: string; name?: string } };
  issue?: RawIssue;
  pull_request?: RawPull;
  comment?: RawText;
  review?: RawText;
}

interface RawText {
  id?: number;
  body?: string | null;
  user?: User | null;
  html_url?: string;
  state?: string;
  created_at?: string;
  submitted_at?: string;
}

interface RawIssue {
  number?: number;
  title?: string;
  body?: string | null;
  user?: User | null;
  state?: string;
  html_url?: string;
  assignees?: User[] | null;
  pull_request?: unknown;
  created_at?: string;
}

interface RawPull extends RawIssue {
  node_id?: string;
  draft?: boolean;
  merged?: boolean;
  merged_at?: string | null;
  mergeable?: boolean | null;
  merge_commit_sha?: string | null;
  labels?: { name: string }[];
  requested_reviewers?: User[];
  requested_teams?: { slug: string }[];
  head?: RawEnd;
  base?: RawEnd;
  commits?: number;
}

interface RawEnd {
  ref?: string;
  sha?: string;
  user?: User | null;
  repo?: { name?: string; owner?: User } | null;
}

/**
 * What a webhook means for plugins: itself, and where somebody wrote something also a comment event (Prow: pkg/hook/events.go). The comment comes last.
 * Empty where no repository is named.
 */
export function eventsOf(delivery: string, event: string, body: unknown): PluginEvent[] {
  const payload = (body ?? {}) as Payload;
  const org = payload.repository?.owner?.login ?? payload.repository?.owner?.name;
  const repo = payload.repository?.name;
  if (typeof org !== 'string' || typeof repo !== 'string') return [];
  const head = { delivery, org, repo };
  const number = payload.pull_request?.number ?? payload.issue?.number;
  const hook: HookEvent = {
    ...head,
    kind: event as WebhookEventName,
    action: payload.action ?? '',
    ...(typeof number === 'number' && { number }),
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

type Written = Pick<CommentEvent, 'source' | 'isPull'> & { text: RawText; about: RawIssue };

function commentOf(
  head: Pick<CommentEvent, 'delivery' | 'org' | 'repo'>,
  event: string,
  payload: Payload,
): CommentEvent | undefined {
  const action = ACTIONS[payload.action ?? ''];
  const written = writtenIn(event, payload);
  if (!action || !written || typeof written.about.number !== 'number') return undefined;
  const { text, about, source, isPull } = written;
  const body = text.body ?? '';
  return {
    ...head,
    kind: 'comment',
    action,
    source,
    number: about.number as number,
    isPull,
    state: about.state === 'closed' ? 'closed' : 'open',
    title: about.title ?? '',
    description: about.body ?? '',
    author: about.user?.login ?? '',
    assignees: (about.assignees ?? []).map(({ login }) => login ?? ''),
    user: text.user?.login ?? '',
    userIsBot: text.user?.type === 'Bot',
    body,
    text: commandText(body),
    url: text.html_url ?? '',
    ...(source === 'comment' && typeof text.id === 'number' && { commentId: text.id }),
    ...(source === 'review' && {
      review: (text.state ?? 'commented').toLowerCase() as NonNullable<CommentEvent['review']>,
    }),
    createdAt: text.created_at ?? text.submitted_at ?? '',
  };
}

function writtenIn(event: string, { issue, pull_request: pull, comment, review }: Payload): Written | undefined {
  if (event === 'issues' && issue) return { source: 'description', isPull: false, text: issue, about: issue };
  if (event === 'pull_request' && pull) return { source: 'description', isPull: true, text: pull, about: pull };
  if (event === 'issue_comment' && issue && comment)
    return { source: 'comment', isPull: Boolean(issue.pull_request), text: comment, about: issue };
  if (event === 'pull_request_review' && pull && review)
    return { source: 'review', isPull: true, text: review, about: pull };
  if (event === 'pull_request_review_comment' && pull && comment)
    return { source: 'review-comment', isPull: true, text: comment, about: pull };
  return undefined;
}

function pullOf(raw: RawPull): PullRequest {
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

function endOf(end: RawEnd = {}): PullRequest['head'] {
  const org = end.repo?.owner?.login ?? '';
  return { ref: end.ref ?? '', sha: end.sha ?? '', org, repo: end.repo?.name ?? '', user: end.user?.login ?? org };
}

function logins(users: User[] | null | undefined): string[] {
  return (users ?? []).flatMap(({ login }) => login ?? []);
}
