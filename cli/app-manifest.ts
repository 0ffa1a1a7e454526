import type { Plugin } from '../core/plugin/index.ts';
import type { Permissions, Port } from '../core/ports/index.ts';

/** Reads of what a repository is, which every App needs. */
const ALWAYS: Permissions = { metadata: 'read' };
/** The GitHub reporter sets statuses and comments, whatever plugins are there. */
export const REPORTER: Permissions = { issues: 'write', pull_requests: 'write', statuses: 'write' };
/** Tide looks at checks, sets its status, and merges. */
export const TIDE: Permissions = { checks: 'read', contents: 'write', pull_requests: 'write', statuses: 'write' };
/** Comments arrive in these, whoever listens for them. */
const COMMENT_EVENTS = [
  'issue_comment',
  'issues',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
];
/** These tell that somebody belongs to what they did not belong to, or no longer does. */
export const PEOPLE_EVENTS: readonly string[] = ['member', 'membership', 'organization', 'team'];

/** What the GitHub App must be allowed so that these plugins can do their work: the most that any of their ports, or one of `others`, asks for. */
export function neededPermissions(
  plugins: readonly Plugin[],
  ports: Readonly<Record<string, Port>>,
  others: readonly Permissions[] = [],
): Record<string, 'read' | 'write'> {
  const asked = plugins.flatMap(({ needs }) => needs.map((name) => ports[name]?.permissions ?? {}));
  const needed: Record<string, 'read' | 'write'> = {};
  for (const [permission, level] of [ALWAYS, ...asked, ...others].flatMap(Object.entries) as [
    string,
    'read' | 'write',
  ][]) {
    if (needed[permission] !== 'write') needed[permission] = level;
  }
  return Object.fromEntries(Object.entries(needed).sort());
}

/** The webhooks that somebody handles. */
export function neededEvents(plugins: readonly Plugin[]): string[] {
  const own = plugins.flatMap(({ handlers }) =>
    handlers.flatMap((handler) => (handler.kind === 'hook' ? [handler.event] : [])),
  );
  return [...new Set([...COMMENT_EVENTS, ...PEOPLE_EVENTS, ...own])].sort();
}
