import { z } from 'zod';
import { section } from '../../core/config/section.ts';
import { codeUrl } from '../config/gerrit.ts';

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

/** Whether the jobs that `repo` (`org/repo`) declares count: the narrowest key decides. */
export function inRepoEnabled({ enabled }: InRepoConfig, repo: string): boolean {
  for (const key of keysOf(repo)) {
    const said = Object.hasOwn(enabled, key) ? enabled[key] : undefined;
    if (typeof said === 'boolean') return said;
  }
  return false;
}

/** What any of the keys allows is allowed. */
export function inRepoAllowsCluster({ allowedClusters }: InRepoConfig, repo: string, cluster: string): boolean {
  return keysOf(repo).some((key) => Object.hasOwn(allowedClusters, key) && allowedClusters[key]?.includes(cluster));
}

/** Gerrit's repositories are known with and without `https://` (Prow: keysForIdentifier). */
function keysOf(repo: string): string[] {
  const name = /^https?:\/\//.test(repo) ? codeUrl(repo) : repo;
  const bare = name.replace(/^https?:\/\//, '');
  const org = bare.split('/')[0] ?? '';
  return [...new Set([name, bare, name.slice(0, name.length - bare.length) + org, org, '*'])];
}
