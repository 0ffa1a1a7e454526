import type { GitHub } from '../github/github.ts';
import type { Octokit } from '../github/octokit.ts';
import type { Gap } from './gap.ts';
import type { Place } from './look.ts';

/** A repository in a list; where a webhook names the one that it is for, its id is not asked for. */
interface Listed extends Place {
  id?: number;
}

/** The repositories that a gap is in, of those that its webhook tells of. */
export async function reposIn(github: GitHub, { hook, repository }: Gap): Promise<Place[]> {
  const all = await reposOf(github, hook);
  const places = repository === undefined ? all : all.filter(({ id }) => id === undefined || id === repository);
  return places.map(({ owner, repo }) => ({ owner, repo }));
}

/** One, those of an organisation, or those that the App is installed on. */
async function reposOf(github: GitHub, hook: string): Promise<Listed[]> {
  const [, scope, owner = '', repo = ''] = hook.split('/');
  if (scope === 'repos') return [{ owner, repo }];
  if (scope === 'orgs') return ofOrg(await github.forOrg(owner), owner);
  const installations = (await github.installations?.list()) ?? [];
  const lists = await Promise.all(
    installations.filter(({ suspended }) => !suspended).map(async ({ id }) => ofInstallation(github, id)),
  );
  return lists.flat();
}

async function ofOrg(gh: Octokit, org: string): Promise<Listed[]> {
  const repos = await gh.paginate('GET /orgs/{org}/repos', { org, per_page: 100 });
  return repos.filter(({ archived }) => !archived).map(({ id, name }) => ({ id, owner: org, repo: name }));
}

async function ofInstallation(github: GitHub, installation: number): Promise<Listed[]> {
  const gh = await github.forInstallation(installation);
  const repos = await gh.paginate('GET /installation/repositories', { per_page: 100 });
  return repos
    .filter(({ archived }) => !archived)
    .map(({ id, owner, name }) => ({ id, owner: owner.login, repo: name }));
}
