import { z } from 'zod';
import { own } from '../own.ts';
import type { PortMap } from '../ports/index.ts';
import { globalSettings, type Settings } from './settings.ts';
import { sameLogin } from './who.ts';

const Maintainers = z.object({
  /** Older than `maintainers_team`, which holds where both are given. */
  maintainers_id: z.number().default(0),
  maintainers_team: z.string().default(''),
  maintainers_friendly_name: z.string().default('SIG Chairs/TLs'),
});
export type Maintainers = z.output<typeof Maintainers>;

const all = globalSettings('repo_milestone', z.record(z.string(), Maintainers));

/** Section `repo_milestone` of plugins.yaml: by org/repo, and by "" for all others (Prow: pkg/plugins/config.go, Milestone). */
export const milestoneMaintainers: Settings<Maintainers> = {
  sections: all.sections,
  forRepo(config, org, repo) {
    const teams = all.forRepo(config, org, repo);
    return own(teams, `${org}/${repo}`) ?? teams[''] ?? Maintainers.parse({});
  },
  describe: ({ maintainers_team: slug, maintainers_id: id }) =>
    slug === '' && id === 0
      ? ''
      : `The milestone maintainers team is the GitHub team "${slug}"${id === 0 ? '' : ` with ID: ${id}`}`,
};

/** Whether somebody belongs to the team that keeps the milestones. */
export async function keepsMilestones(
  login: string,
  org: string,
  { maintainers_team: slug, maintainers_id: id }: Maintainers,
  people: PortMap['people'],
): Promise<boolean> {
  if (slug === '' && id === 0) return false;
  const team = slug === '' ? await people.teamMembersById(id) : await people.teamMembers(org, slug);
  return team.some((member) => sameLogin(member, login));
}

/** What somebody else is told who says `/command`; `purpose` as in `set the milestone`. */
export function onlyForMaintainers(
  { maintainers_team: slug, maintainers_id: id, maintainers_friendly_name: friends }: Maintainers,
  org: string,
  purpose: string,
  command: string,
): string {
  if (slug === '' && id === 0)
    return `Nobody can ${purpose} here, because no milestone maintainers team is configured for this repository (\`repo_milestone\` in \`plugins.yaml\`).`;
  return `You must be a member of the [${org}/${slug}](https://github.com/orgs/${org}/teams/${slug}/members) GitHub team to ${purpose}. If you believe you should be able to issue the /${command} command, please contact your ${friends} and have them propose you as an additional delegate for this responsibility.`;
}
