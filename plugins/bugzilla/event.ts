import type { CommandEventContext, EventContext, PullRequest } from '../../core/plugin/index.ts';
import type { BugSettings } from './options.ts';

/** What bugzilla sees of GitHub, and of Bugzilla. */
export const NEEDS = ['bugzilla', 'pull', 'comments', 'labels', 'search'] as const;
export type Context = Pick<
  CommandEventContext<(typeof NEEDS)[number], BugSettings>,
  'ports' | 'at' | 'config' | 'bot' | 'log'
>;
export type PullContext = EventContext<'pull_request', (typeof NEEDS)[number], BugSettings>;

/** Something to do about the bug of a pull request. */
export interface BugEvent {
  org: string;
  repo: string;
  pull: PullRequest;
  /** The bug that the title names. */
  bug: number | undefined;
  why: 'opened' | 'changed' | 'closed' | 'refresh' | 'assign-qa' | 'cc-qa';
  /** For a new pull request that the cherry-pick bot made: the one that it picks from. */
  picksFrom?: number;
  reply(message: string): Promise<void>;
}

const TITLE = /Bug\s+([0-9]+):/i;

export function bugOf(title: string): number | undefined {
  const [, number] = TITLE.exec(title) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** The title with another bug's number. */
export function retitled(title: string, from: number, to: number): string {
  return title.replace(TITLE, (named) => named.replace(String(from), String(to)));
}

const PICKED = /This is an automated cherry-pick of #([0-9]+)/;

/** Whether something that happened to a pull request is to be looked at, and as what (Prow: digestPR). */
export function eventOfPull({ event, config }: PullContext): Pick<BugEvent, 'bug' | 'why' | 'picksFrom'> | undefined {
  const { pull, action, payload } = event;
  if (!pull) return undefined;
  const bug = bugOf(pull.title);
  const why = action === 'opened' || action === 'closed' ? action : 'changed';
  const [, picked] = action === 'opened' ? (PICKED.exec(pull.body) ?? []) : [];
  if (picked !== undefined) return { bug, why, picksFrom: Number(picked) };
  if (action === 'closed' && !pull.merged) return { bug, why };
  const before = 'changes' in payload ? bugOf(titleBefore(payload.changes)) : undefined;
  if (before !== undefined) return before === bug ? undefined : { bug, why };
  return bug !== undefined || config.forBranch(pull.base.ref).validate_by_default ? { bug, why } : undefined;
}

function titleBefore(changes: unknown): string {
  const from = (changes as { title?: { from?: unknown } } | undefined)?.title?.from;
  return typeof from === 'string' ? from : '';
}
