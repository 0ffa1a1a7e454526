import type { WebhookEventMap, WebhookEventName } from '@octokit/webhooks-types';
import type { PullRequest } from '../ports/index.ts';

export type { WebhookEventMap, WebhookEventName };

/**
 * Somebody wrote something: a comment, a review, a comment on a line, or the description of an issue or pull request, which all count alike
 * (Prow: pkg/hook/events.go, GenericCommentEvent).
 */
export interface CommentEvent {
  kind: 'comment';
  delivery: string;
  action: 'created' | 'edited' | 'deleted';
  source: 'description' | 'comment' | 'review' | 'review-comment';
  org: string;
  repo: string;
  number: number;
  isPull: boolean;
  /** Of the issue or pull request. */
  state: 'open' | 'closed';
  title: string;
  description: string;
  /** Who opened the issue or pull request. */
  author: string;
  assignees: string[];
  /** Who wrote this. */
  user: string;
  userIsBot: boolean;
  /** As written. */
  body: string;
  /** Where commands are looked for: without code, quotes and HTML comments. */
  text: string;
  url: string;
  /** The comment's own number where it is one of the conversation. */
  commentId?: number;
  /** For reviews: what they said. */
  review?: 'approved' | 'changes_requested' | 'commented' | 'dismissed';
  createdAt: string;
}

/** A webhook of the kind that the plugin asked for. */
export interface HookEvent<N extends WebhookEventName = WebhookEventName> {
  kind: N;
  delivery: string;
  action: string;
  org: string;
  repo: string;
  /** Of the issue or pull request, where the event is about one. */
  number?: number;
  /** Where the payload holds the pull request. */
  pull?: PullRequest;
  payload: WebhookEventMap[N];
}

export type PluginEvent = CommentEvent | HookEvent;
