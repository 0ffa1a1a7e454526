import type { CommandEventContext, EventContext } from '../../core/plugin/index.ts';
import type { LgtmSettings } from './config.ts';

export const LGTM = 'lgtm';

/** What lgtm sees of GitHub. */
export const NEEDS = ['labels', 'comments', 'issue', 'people', 'pull', 'repo', 'owners'] as const;
type Needs = (typeof NEEDS)[number];

export type Context = Pick<CommandEventContext<Needs, LgtmSettings>, 'ports' | 'config' | 'bot' | 'log'>;
export type PullContext = EventContext<'pull_request', Needs, LgtmSettings>;
export type ReviewContext = EventContext<'pull_request_review', Needs, LgtmSettings>;
