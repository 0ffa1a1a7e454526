import type { CommandEventContext } from '../../core/plugin/index.ts';

export const NEEDS = ['issue', 'people', 'pull', 'repo', 'owners', 'search'] as const;

export type Context = CommandEventContext<(typeof NEEDS)[number], unknown>;
