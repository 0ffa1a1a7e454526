/** A commit status as it stands on GitHub, or is to stand. */
export interface ReconcilerStatus {
  context: string;
  state: 'pending' | 'success' | 'failure' | 'error';
  description: string;
  targetUrl: string;
}

/** The status that keeps a context that no job sets any more from standing in a merge's way; none where the commit has no such context. */
export function retire(statuses: readonly ReconcilerStatus[], context: string): ReconcilerStatus[] {
  return statuses.some((status) => status.context === context)
    ? [retired(context, 'Context retired without replacement.')]
    : [];
}

/** The statuses that move a result to the context's new name; none where the old one is missing or the new one there already. */
export function move(statuses: readonly ReconcilerStatus[], from: string, to: string): ReconcilerStatus[] {
  const old = statuses.find(({ context }) => context === from);
  if (!old || statuses.some(({ context }) => context === to)) return [];
  return [{ ...old, context: to }, retired(from, `Context retired. Status moved to "${to}".`)];
}

function retired(context: string, description: string): ReconcilerStatus {
  return { context, state: 'success', description, targetUrl: '' };
}
