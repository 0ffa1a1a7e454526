import type { CommandContext } from '../../core/plugin/index.ts';
import type { OverrideSettings } from './config.ts';

/** What override sees of GitHub and of jobs. */
export const NEEDS = ['people', 'owners', 'pull', 'repo', 'statuses', 'jobs'] as const;

export type Context = CommandContext<string[], (typeof NEEDS)[number], OverrideSettings>;
