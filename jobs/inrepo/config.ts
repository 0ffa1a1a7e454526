import { z } from 'zod';
import { section } from '../../core/config/section.ts';

/** Which repositories may declare jobs of their own, and where these may run; by `org/repo`, `org` or `*` (Prow: InRepoConfig). */
const InRepoConfigSchema = z.object({
  enabled: z.record(z.string(), z.boolean().nullable()).optional(),
  allowed_clusters: z.record(z.string(), z.array(z.string()).nullable()).optional(),
});

export interface InRepoConfig {
  enabled: Readonly<Record<string, boolean | null>>;
  allowedClusters: Readonly<Record<string, readonly string[] | null>>;
}

export const inRepoConfig = section({
  key: 'in_repo_config',
  schema: InRepoConfigSchema,
  // An empty list for `*` takes the default cluster away from all.
  finish: ({ enabled = {}, allowed_clusters = {} }): InRepoConfig => ({
    enabled,
    allowedClusters: { ...allowed_clusters, '*': allowed_clusters['*'] ?? ['default'] },
  }),
});

function keysOf(org: string, repo: string): string[] {
  return [`${org}/${repo}`, org, '*'];
}

/** The narrowest key decides. */
export function inRepoEnabled({ enabled }: InRepoConfig, org: string, repo: string): boolean {
  for (const key of keysOf(org, repo)) {
    const said = Object.hasOwn(enabled, key) ? enabled[key] : undefined;
    if (typeof said === 'boolean') return said;
  }
  return false;
}

/** What any of the keys allows is allowed. */
export function clusterAllowed({ allowedClusters }: InRepoConfig, cluster: string, org: string, repo: string): boolean {
  return keysOf(org, repo).some(
    (key) => Object.hasOwn(allowedClusters, key) && allowedClusters[key]?.includes(cluster),
  );
}
