import { CutwaterError, hasCode } from '../../../core/errors.ts';
import type { FlagValues } from '../../../core/flags.ts';
import type { GitHub } from '../../../core/github/github.ts';
import { createLogger } from '../../../core/log.ts';
import { createMetrics } from '../../../core/metrics.ts';
import { createStorage, textOf } from '../../../core/storage/index.ts';
import type { githubFlags } from '../../start/flags.ts';
import type { Remote } from './check.ts';

type Flags = FlagValues<typeof githubFlags> & {
  'gcs-credentials-file': string | undefined;
  's3-credentials-file': string | undefined;
};

/** GitHub and storage as the flags say; nothing is opened, and no library for it loaded, before a check asks. */
export function openRemote(flags: Flags): Remote & { close(): Promise<void> } {
  let opened: Promise<GitHub> | undefined;
  const github = () => {
    opened ??= open(flags);
    return opened;
  };
  return {
    repositories: async (org) => repositoriesOf(await github(), org),
    hasFile: async (repo, file) => hasFile(await github(), repo, file),
    installations: async () => accountsWithApp(await github()),
    object: (path) =>
      objectAt(path, {
        gcsCredentialsFile: flags['gcs-credentials-file'],
        s3CredentialsFile: flags['s3-credentials-file'],
      }),
    close: async () => (await opened)?.close(),
  };
}

async function open(flags: Flags): Promise<GitHub> {
  const { openGitHub } = await import('../../start/github.ts');
  return openGitHub(flags, undefined, createLogger('checkconfig'), createMetrics());
}

async function repositoriesOf(github: GitHub, org: string): Promise<string[]> {
  const octokit = await github.forOrg(org);
  const repos = await octokit.paginate('GET /orgs/{org}/repos', { org, per_page: 100 });
  return repos.filter(({ archived }) => !archived).map(({ full_name }) => full_name);
}

async function hasFile(github: GitHub, name: string, path: string): Promise<boolean> {
  const [owner = '', repo = '', more] = name.split('/');
  if (!repo || more !== undefined)
    throw new CutwaterError('config', `bad repository '${name}', expected org/repo format`);
  try {
    const octokit = await github.forOrg(owner);
    await octokit.request('GET /repos/{owner}/{repo}/contents/{path}', { owner, repo, path });
    return true;
  } catch (error) {
    if (hasCode(error, 'not-found')) return false;
    throw error;
  }
}

async function accountsWithApp(github: GitHub): Promise<string[]> {
  const octokit = await github.asApp();
  const installations = await octokit.paginate('GET /app/installations', { per_page: 100 });
  return installations.flatMap(({ account }) => (account && 'login' in account ? [account.login] : []));
}

async function objectAt(path: string, credentials: Parameters<typeof createStorage>[0]): Promise<string | undefined> {
  try {
    return await textOf(await createStorage(credentials).read(path));
  } catch (error) {
    if (hasCode(error, 'not-found')) return undefined;
    throw error;
  }
}
