import { z } from 'zod';
import { section } from '../../core/config/section.ts';
import { codeUrl, splitRepo, trimHttps } from './gerrit.ts';

const InRepoConfig = z.object({
  enabled: z.record(z.string(), z.boolean()).default({}),
  allowed_clusters: z.record(z.string(), z.array(z.string())).default({}),
});
export type InRepoConfig = z.output<typeof InRepoConfig>;

/** The key `in_repo_config`, by `*`, `org` or `org/repo` (Prow: pkg/config/config.go, InRepoConfig). The default cluster is for everybody unless `*` says otherwise. */
export const inRepoConfig = section({
  key: 'in_repo_config',
  schema: InRepoConfig,
  finish: ({ enabled, allowed_clusters }): InRepoConfig => ({
    enabled,
    allowed_clusters: { '*': ['default'], ...allowed_clusters },
  }),
});

/** Whether a repository's own jobs count; the narrowest key says. */
export function inRepoEnabled({ enabled }: InRepoConfig, repo: string): boolean {
  const key = keysFor(repo).find((candidate) => Object.hasOwn(enabled, candidate));
  return key !== undefined && enabled[key] === true;
}

/** Whether a repository's own jobs may run on a cluster: all keys together. */
export function inRepoAllowsCluster({ allowed_clusters }: InRepoConfig, repo: string, cluster: string): boolean {
  return keysFor(repo).some((key) => Object.hasOwn(allowed_clusters, key) && allowed_clusters[key]?.includes(cluster));
}

/** Gerrit's repositories are known with and without `https://` (Prow: keysForIdentifier). */
function keysFor(repo: string): string[] {
  const name = /^https?:\/\//.test(repo) ? codeUrl(repo) : repo;
  const org = splitRepo(name)?.org;
  return [...new Set([name, trimHttps(repo), ...(org ? [org, trimHttps(org)] : []), '*'])];
}
