import { slugOf } from '../model/lookup.ts';
import { nodeId } from '../model/nodeid.ts';
import type { Account, Team } from '../model/records.ts';
import type { World } from '../model/world.ts';

export type Json = Record<string, unknown>;

export function accountNodeId(account: Account): string {
  return nodeId(account.type === 'Organization' ? 'O' : account.type === 'Bot' ? 'BOT' : 'U', account.id);
}

/** GitHub's "simple user", wherever someone is named. */
export function presentAccount(world: World, account: Account): Json {
  const api = `${world.urls.api}/users/${encodeURIComponent(account.login)}`;
  const html =
    account.type === 'Bot' ? `${world.urls.html}/apps/${slugOf(account)}` : `${world.urls.html}/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: accountNodeId(account),
    avatar_url: `${world.urls.html}/avatars/${account.id}`,
    gravatar_id: '',
    url: api,
    html_url: html,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: account.type,
    site_admin: account.siteAdmin,
  };
}

/** The public profile of `GET /users/{username}`. */
export function presentProfile(world: World, account: Account): Json {
  return {
    ...presentAccount(world, account),
    name: account.name,
    company: null,
    blog: '',
    location: null,
    email: account.email,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: world.repos.all().filter((repo) => repo.ownerId === account.id && !repo.private).length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: account.createdAt,
    updated_at: account.createdAt,
  };
}

/** GitHub's "simple organization", as in webhooks and lists. */
export function presentOrganization(world: World, org: Account): Json {
  const api = `${world.urls.api}/orgs/${org.login}`;
  return {
    login: org.login,
    id: org.id,
    node_id: accountNodeId(org),
    url: api,
    repos_url: `${api}/repos`,
    events_url: `${api}/events`,
    hooks_url: `${api}/hooks`,
    issues_url: `${api}/issues`,
    members_url: `${api}/members{/member}`,
    public_members_url: `${api}/public_members{/member}`,
    avatar_url: `${world.urls.html}/avatars/${org.id}`,
    description: org.name ?? '',
  };
}

export function presentFullOrganization(world: World, org: Account): Json {
  return {
    ...presentOrganization(world, org),
    name: org.name,
    company: null,
    blog: '',
    location: null,
    email: org.email,
    is_verified: false,
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: world.repos.all().filter((repo) => repo.ownerId === org.id && !repo.private).length,
    public_gists: 0,
    followers: 0,
    following: 0,
    html_url: `${world.urls.html}/${org.login}`,
    created_at: org.createdAt,
    updated_at: org.createdAt,
    archived_at: null,
    type: 'Organization',
    default_repository_permission: org.defaultPermission,
    members_can_create_repositories: true,
  };
}

export function presentTeam(world: World, team: Team): Json {
  const org = world.accounts.need(team.orgId);
  const api = `${world.urls.api}/organizations/${org.id}/team/${team.id}`;
  const parent = world.teams.get(team.parentId);
  return {
    id: team.id,
    node_id: nodeId('T', team.id),
    name: team.name,
    slug: team.slug,
    description: team.description,
    privacy: team.privacy,
    notification_setting: 'notifications_enabled',
    permission: 'pull',
    url: api,
    html_url: `${world.urls.html}/orgs/${org.login}/teams/${team.slug}`,
    members_url: `${api}/members{/member}`,
    repositories_url: `${api}/repos`,
    parent: parent ? presentTeam(world, parent) : null,
  };
}
