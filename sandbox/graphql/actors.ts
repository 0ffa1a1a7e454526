import { isMember } from '../model/access.ts';
import { repoByName } from '../model/lookup.ts';
import { nodeId } from '../model/nodeid.ts';
import type { Account, Label, Milestone, Team } from '../model/records.ts';
import { accountNodeId } from '../present/accounts.ts';
import { repoHtml } from '../present/repos.ts';
import { connection, type Node, type PageArgs } from './connection.ts';
import { type Context, canRead } from './context.ts';

/** A user, a bot or an organisation, as `Actor` and as itself. */
export function actorNode(context: Context, account: Account): Node {
  const { world } = context;
  const url = `${world.urls.html}/${account.login}`;
  const owned = () => world.repos.all().filter((it) => it.ownerId === account.id && canRead(context, it));
  return {
    __typename: account.type,
    id: accountNodeId(account),
    databaseId: account.id,
    login: account.type === 'Bot' ? account.login.replace(/\[bot\]$/, '') : account.login,
    name: account.name,
    email: account.email ?? '',
    url,
    resourcePath: `/${account.login}`,
    avatarUrl: `${world.urls.html}/avatars/${account.id}`,
    createdAt: account.createdAt,
    isViewer: context.caller.account?.id === account.id,
    repositories: (args: PageArgs) => connection(owned(), args, (it) => context.nodes.repository(context, it)),
    repository: ({ name }: { name: string }) => {
      const repo = repoByName(world, account.login, name);
      return repo && canRead(context, repo) ? context.nodes.repository(context, repo) : null;
    },
    ...(account.type === 'Organization' ? organizationFields(context, account) : {}),
    ...(account.type === 'User' ? userFields(context, account) : {}),
  };
}

function organizationFields(context: Context, org: Account): Node {
  const { world } = context;
  const members = () =>
    world.memberships
      .in(org.id)
      .filter((it) => it.state === 'active')
      .map((it) => world.accounts.need(it.userId));
  return {
    membersWithRole: (args: PageArgs) => connection(members(), args, (it) => actorNode(context, it)),
    teams: (args: PageArgs) => connection(world.teams.in(org.id), args, (it) => teamNode(context, it)),
    team: ({ slug }: { slug: string }) => {
      const team = world.teams.in(org.id).find((it) => it.slug === slug.toLowerCase());
      return team ? teamNode(context, team) : null;
    },
  };
}

function userFields(context: Context, user: Account): Node {
  const { world } = context;
  const orgs = () => world.accounts.all().filter((it) => it.type === 'Organization' && isMember(world, it, user));
  return {
    organizations: (args: PageArgs) => connection(orgs(), args, (it) => actorNode(context, it)),
    organization: ({ login }: { login: string }) => {
      const org = orgs().find((it) => it.login.toLowerCase() === login.toLowerCase());
      return org ? actorNode(context, org) : null;
    },
  };
}

export function teamNode(context: Context, team: Team): Node {
  const { world } = context;
  const org = world.accounts.need(team.orgId);
  return {
    __typename: 'Team',
    id: nodeId('T', team.id),
    databaseId: team.id,
    name: team.name,
    slug: team.slug,
    description: team.description,
    combinedSlug: `${org.login}/${team.slug}`,
    privacy: team.privacy === 'secret' ? 'SECRET' : 'VISIBLE',
    organization: () => actorNode(context, org),
    members: (args: PageArgs) =>
      connection(team.members, args, (it) => actorNode(context, world.accounts.need(it.userId))),
    repositories: (args: PageArgs) =>
      connection(team.repos, args, (it) => context.nodes.repository(context, world.repos.need(it.repoId))),
  };
}

export function labelNode(context: Context, label: Label): Node {
  return {
    __typename: 'Label',
    id: nodeId('LA', label.id),
    name: label.name,
    color: label.color,
    description: label.description,
    isDefault: false,
    repository: () => context.nodes.repository(context, context.world.repos.need(label.repoId)),
  };
}

export function milestoneNode(context: Context, milestone: Milestone): Node {
  const { world } = context;
  const url = `${repoHtml(world, world.repos.need(milestone.repoId))}/milestone/${milestone.number}`;
  return {
    __typename: 'Milestone',
    id: nodeId('MI', milestone.id),
    number: milestone.number,
    title: milestone.title,
    description: milestone.description,
    state: milestone.state.toUpperCase(),
    closed: milestone.state === 'closed',
    dueOn: milestone.dueOn,
    createdAt: milestone.createdAt,
    updatedAt: milestone.updatedAt,
    closedAt: milestone.closedAt,
    url,
    creator: () => actorNode(context, world.accounts.need(milestone.creatorId)),
  };
}
