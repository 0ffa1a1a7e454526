import type { CommandEventContext, EventContext, Triggers } from '../../core/plugin/index.ts';

/** What trigger sees of GitHub and of jobs. */
export const NEEDS = [
  'labels',
  'comments',
  'people',
  'pull',
  'repo',
  'search',
  'statuses',
  'workflows',
  'jobs',
] as const;
type Needs = (typeof NEEDS)[number];

export type CommentContext = CommandEventContext<Needs, Triggers>;
export type PullContext = EventContext<'pull_request', Needs, Triggers>;
export type PushContext = EventContext<'push', Needs, Triggers>;

/** What both kinds of events about a pull request have. */
export type Context = Pick<CommentContext, 'ports' | 'config' | 'bot' | 'log'>;

export const OK_TO_TEST = 'ok-to-test';
export const NEEDS_OK_TO_TEST = 'needs-ok-to-test';
