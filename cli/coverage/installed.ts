import type { GitHub } from '../../core/github/github.ts';
import type { InstalledAccount } from './compare.ts';

/** Asks GitHub where the App is and what it may see there; `undefined` for a bot account, which is installed nowhere. */
export async function installedAccounts(
  github: Pick<GitHub, 'installations' | 'forInstallation'>,
): Promise<InstalledAccount[] | undefined> {
  if (!github.installations) return undefined;
  const all = await github.installations.list();
  return Promise.all(
    all.map(async ({ id, account, suspended }) => {
      // A suspended installation has no token.
      if (suspended) return { account, suspended, repos: [] };
      const octokit = await github.forInstallation(id);
      const found = await octokit.paginate('GET /installation/repositories', { per_page: 100 });
      return { account, suspended, repos: found.map((repo) => repo.full_name) };
    }),
  );
}
