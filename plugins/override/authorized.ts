import { normLogin, own, type PullRequest } from '../../core/plugin/index.ts';
import type { Context } from './needs.ts';

/** Prow: pkg/plugins/override/override.go, isAuthorized. */
export async function isAuthorized({ event, ports, config }: Context, pull: PullRequest): Promise<boolean> {
  const { org, repo, user } = event;
  if ((await ports.people.permission(user)) === 'admin') return true;
  const teams = config.allowed_github_teams;
  for (const slug of [...(own(teams, `${org}/${repo}`) ?? []), ...(own(teams, org) ?? [])])
    if (await ports.people.isTeamMember(org, slug, user)) return true;
  if (!config.allow_top_level_owners) return false;
  return (await ports.owners.load(pull.base.ref)).topLevelApprovers().has(normLogin(user));
}
