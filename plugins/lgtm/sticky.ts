import { sameLogin } from '../../core/plugin/index.ts';
import type { Context } from './needs.ts';

/** Whether the author's pushes keep the label, for being in the trusted team. */
export async function isSticky({ ports, config, log }: Context, org: string, author: string): Promise<boolean> {
  const name = config.lgtm.trusted_team_for_sticky_lgtm;
  if (name === '') return false;
  const team = (await ports.people.teams(org)).find((candidate) => candidate.name === name);
  if (!team) {
    log.warn({ org, team: name }, 'the team of trusted_team_for_sticky_lgtm does not exist');
    return false;
  }
  const members = await ports.people.teamMembers(org, team.slug);
  return members.some((member) => sameLogin(member, author));
}
