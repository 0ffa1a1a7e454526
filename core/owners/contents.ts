import { LRUCache } from 'lru-cache';
import type { OwnersContent } from './owners.ts';

type Load = () => Promise<OwnersContent>;

/** About 20 MB: of kubernetes/kubernetes, which has 750 OWNERS files and a new tree with each merge, the last two dozen trees. */
const MOST_FILES = 20_000;

/** Remembers what was read of repositories' owners, as far as they have not more than `most` files together; who asks meanwhile waits for the same. */
export function rememberContents(most = MOST_FILES): (key: string, load: Load) => Promise<OwnersContent> {
  const known = new LRUCache<string, OwnersContent, Load>({
    maxSize: most,
    sizeCalculation: ({ files }) => files.size + 1,
    fetchMethod: (_key, _stale, { context }) => context(),
    ignoreFetchAbort: true,
  });
  return (key, load) => known.forceFetch(key, { context: load });
}
