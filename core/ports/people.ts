import { type GitHubClient, orMissing, port, read, repoOf, statusOf, type Target } from './port.ts';

export interface Team {
  id: number;
  slug: string;
  name: string;
}

/** GitHub answers 204 for yes and 404 (or a redirect, where we may not see it) for no. */
async function answersYes(answer: Promise<{ status: number }>): Promise<boolean> {
  try {
    return (await answer).status === 204;
  } catch (error) {
    const status = statusOf(error);
    if (status === 404 || status === 302) return false;
    throw error;
  }
}

function isMember(gh: GitHubClient, _at: Target, org: string, login: string): Promise<boolean> {
  return answersYes(gh.request('GET /orgs/{org}/members/{username}', { org, username: login }));
}

/** Who people are to an organisation and a repository. */
export const people = port(
  'people',
  { members: 'read', metadata: 'read' },
  {
    isMember: read(isMember),
    /** Outside collaborators, members with access, and owners alike. */
    isCollaborator: read((gh, at, login: string): Promise<boolean> => {
      return answersYes(
        gh.request('GET /repos/{owner}/{repo}/collaborators/{username}', { ...repoOf(at), username: login }),
      );
    }),
    collaborators: read(async (gh, at): Promise<string[]> => {
      const found = await gh.paginate('GET /repos/{owner}/{repo}/collaborators', { ...repoOf(at), per_page: 100 });
      return found.map(({ login }) => login);
    }),
    /** `admin`, `write`, `read` or `none`. */
    permission: read(async (gh, at, login: string): Promise<string> => {
      const answer = await orMissing(
        gh.request('GET /repos/{owner}/{repo}/collaborators/{username}/permission', { ...repoOf(at), username: login }),
      );
      return answer?.data.permission ?? 'none';
    }),
    user: read(async (gh, _at, login: string): Promise<{ login: string; name: string; type: string } | undefined> => {
      const answer = await orMissing(gh.request('GET /users/{username}', { username: login }));
      return answer && { login: answer.data.login, name: answer.data.name ?? '', type: answer.data.type };
    }),
    teams: read(async (gh, _at, org: string): Promise<Team[]> => {
      const found = await gh.paginate('GET /orgs/{org}/teams', { org, per_page: 100 });
      return found.map(({ id, slug, name }) => ({ id, slug, name }));
    }),
    team: read(async (gh, _at, org: string, slug: string): Promise<Team | undefined> => {
      const answer = await orMissing(gh.request('GET /orgs/{org}/teams/{team_slug}', { org, team_slug: slug }));
      return answer && { id: answer.data.id, slug: answer.data.slug, name: answer.data.name };
    }),
    /** Whether somebody belongs to a team, be it through a team below it. */
    isTeamMember: read(async (gh, _at, org: string, slug: string, login: string): Promise<boolean> => {
      const route = 'GET /orgs/{org}/teams/{team_slug}/memberships/{username}';
      const answer = await orMissing(gh.request(route, { org, team_slug: slug, username: login }));
      return answer?.data.state === 'active';
    }),
    /** Members of a team and of the teams below it. */
    teamMembers: read(async (gh, _at, org: string, slug: string): Promise<string[]> => {
      const found = await gh.paginate('GET /orgs/{org}/teams/{team_slug}/members', {
        org,
        team_slug: slug,
        per_page: 100,
      });
      return found.map(({ login }) => login);
    }),
    /** The same by the team's number, which older configurations use. */
    teamMembersById: read(async (gh, _at, id: number): Promise<string[]> => {
      const found = await gh.paginate('GET /teams/{team_id}/members', { team_id: id, per_page: 100 });
      return found.map(({ login }) => login);
    }),
  },
  { ofRepo: true },
);
