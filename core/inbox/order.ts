interface Ordered {
  repository?: { full_name?: unknown };
  pull_request?: { number?: unknown };
  issue?: { number?: unknown };
  ref?: unknown;
}

/**
 * What a delivery has to keep its order with: its pull request or issue (`org/repo#5`), its branch for a push (`org/repo@refs/heads/main`). Everything
 * else stands alone, and its key is its own id.
 */
export function orderKey(delivery: string, event: string, body: unknown): string {
  const { repository, pull_request, issue, ref } = (body ?? {}) as Ordered;
  if (typeof repository?.full_name !== 'string') return delivery;
  const repo = repository.full_name.toLowerCase();
  const number = pull_request?.number ?? issue?.number;
  if (typeof number === 'number') return `${repo}#${number}`;
  if (event === 'push' && typeof ref === 'string') return `${repo}@${ref}`;
  return delivery;
}
