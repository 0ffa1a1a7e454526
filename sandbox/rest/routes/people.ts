import * as actions from '../../model/actions/index.ts';
import { accountByLogin, teamBySlug } from '../../model/lookup.ts';
import type { Account, Membership, Team } from '../../model/records.ts';
import { notFound, Refusal } from '../../model/refusal.ts';
import {
  presentAccount,
  presentFullOrganization,
  presentOrganization,
  presentProfile,
  presentTeam,
} from '../../present/accounts.ts';
import { permissionMap, presentRepo } from '../../present/repos.ts';
import type { Answer, Body, Call, Routes } from '../call.ts';
import { choiceOf, NO_CONTENT, needAccount, needText, numberOf, textOf, textsOf } from '../call.ts';
import { paged } from '../page.ts';
import { orgForAdmin, orgIn, seesInside } from '../scope.ts';
import { permissionFrom, presentInvitation, visibleRepos } from './repos.ts';

function userIn(call: Call): Account {
  const account = accountByLogin(call.world, call.params.login ?? '');
  if (!account) throw notFound();
  return account;
}

function activeMembers(call: Call, org: Account): Membership[] {
  return call.world.memberships.in(org.id).filter((it) => it.state === 'active');
}

function listMembers(call: Call): Answer {
  const org = orgIn(call);
  const inside = seesInside(call, org);
  const role = call.query.get('role') ?? 'all';
  const list = activeMembers(call, org).filter((it) => (inside || it.public) && (role === 'all' || it.role === role));
  return paged(call, list, (it) => presentAccount(call.world, call.world.accounts.need(it.userId)));
}

/** 204 for members; 404 for others; who asks from outside learns of public members only, by a redirection as on GitHub. */
function isMember(call: Call): Answer {
  const org = orgIn(call);
  const user = userIn(call);
  const found = activeMembers(call, org).find((it) => it.userId === user.id);
  if (!seesInside(call, org))
    return {
      status: 302,
      headers: { Location: `${call.world.urls.api}/orgs/${org.login}/public_members/${user.login}` },
    };
  if (!found) throw new Refusal(404, 'User does not exist or is not a member of the organization');
  return NO_CONTENT;
}

function presentMembership(call: Call, org: Account, it: Membership): Body {
  const user = call.world.accounts.need(it.userId);
  return {
    url: `${call.world.urls.api}/orgs/${org.login}/memberships/${user.login}`,
    state: it.state,
    role: it.role,
    organization_url: `${call.world.urls.api}/orgs/${org.login}`,
    organization: presentOrganization(call.world, org),
    user: presentAccount(call.world, user),
  };
}

function membership(call: Call): Answer {
  const org = orgIn(call);
  if (!seesInside(call, org))
    throw new Refusal(403, 'You must be a member of this organization to see membership information.');
  const found = call.world.memberships.in(org.id).find((it) => it.userId === userIn(call).id);
  if (!found) throw notFound();
  return { body: presentMembership(call, org, found) };
}

function setMembership(call: Call): Answer {
  const { org, actor } = orgForAdmin(call);
  const role = choiceOf(call.body, 'role', ['admin', 'member']) ?? 'member';
  const made = actions.setMembership(call.world, actor, org, userIn(call), role, 'pending');
  return { body: presentMembership(call, org, made) };
}

function removeMembership(call: Call): Answer {
  const { org, actor } = orgForAdmin(call);
  actions.removeMembership(call.world, actor, org, userIn(call));
  return NO_CONTENT;
}

function invitations(call: Call): Answer {
  const { org } = orgForAdmin(call);
  const pending = call.world.memberships.in(org.id).filter((it) => it.state === 'pending');
  return paged(call, pending, (it) => {
    const user = call.world.accounts.need(it.userId);
    return {
      id: it.id,
      login: user.login,
      email: user.email,
      role: it.role === 'admin' ? 'admin' : 'direct_member',
      created_at: user.createdAt,
    };
  });
}

/** A team by slug under its organisation, or by id in GitHub's older address. */
function teamIn(call: Call): { team: Team; org: Account } {
  const { world, params } = call;
  const team =
    params.slug === undefined ? world.teams.get(Number(params.team)) : teamBySlug(world, orgIn(call), params.slug);
  if (!team) throw notFound();
  const org = world.accounts.need(team.orgId);
  if (!seesInside(call, org)) throw notFound();
  return { team, org };
}

function forTeamAdmin(call: Call): { team: Team; actor: Account } {
  const { team, org } = teamIn(call);
  const { actor } = orgForAdmin({ ...call, params: { ...call.params, org: org.login } });
  return { team, actor };
}

function withCounts(call: Call, team: Team): Body {
  return {
    ...presentTeam(call.world, team),
    members_count: team.members.length,
    repos_count: team.repos.length,
    created_at: call.world.accounts.need(team.orgId).createdAt,
    updated_at: call.world.accounts.need(team.orgId).createdAt,
    organization: presentFullOrganization(call.world, call.world.accounts.need(team.orgId)),
  };
}

function listTeamMembers(call: Call): Answer {
  const { team } = teamIn(call);
  const role = call.query.get('role') ?? 'all';
  const nested = call.world.teams.in(team.orgId).filter((it) => it.parentId === team.id);
  const members = [team, ...nested].flatMap((it) => it.members).filter((it) => role === 'all' || it.role === role);
  const ids = [...new Set(members.map((it) => it.userId))];
  return paged(call, ids, (id) => presentAccount(call.world, call.world.accounts.need(id)));
}

function teamMembership(call: Call): Answer {
  const { team } = teamIn(call);
  const user = userIn(call);
  const found = team.members.find((it) => it.userId === user.id);
  if (!found) throw notFound();
  const url = `${call.world.urls.api}/organizations/${team.orgId}/team/${team.id}/memberships/${user.login}`;
  return { body: { url, role: found.role, state: 'active' } };
}

function editTeam(call: Call): Answer {
  const { team } = forTeamAdmin(call);
  team.name = textOf(call.body, 'name') ?? team.name;
  team.slug = team.name.toLowerCase().replace(/[^a-z0-9_.-]+/g, '-');
  team.description = textOf(call.body, 'description') ?? team.description;
  team.privacy = choiceOf(call.body, 'privacy', ['closed', 'secret']) ?? team.privacy;
  if ('parent_team_id' in call.body) team.parentId = numberOf(call.body, 'parent_team_id') ?? null;
  call.world.teams.put(team);
  return { body: withCounts(call, team) };
}

function createTeam(call: Call): Answer {
  const { org, actor } = orgForAdmin(call);
  const description = textOf(call.body, 'description');
  const privacy = choiceOf(call.body, 'privacy', ['closed', 'secret']);
  const team = actions.createTeam(call.world, actor, org, {
    name: needText(call.body, 'name'),
    ...(description === undefined ? {} : { description }),
    ...(privacy === undefined ? {} : { privacy }),
    parentId: numberOf(call.body, 'parent_team_id') ?? null,
  });
  for (const login of textsOf(call.body, 'maintainers') ?? []) {
    const user = accountByLogin(call.world, login);
    if (user) actions.setTeamMember(call.world, actor, team, user, 'maintainer');
  }
  return { status: 201, body: withCounts(call, team) };
}

function teamRepo(call: Call): Team['repos'][number] & { repo: ReturnType<typeof presentRepo> } {
  const { team } = teamIn(call);
  const repo = visibleRepos(call, (it) => it.name.toLowerCase() === call.params.repo?.toLowerCase()).find(
    (it) => it.ownerId === accountByLogin(call.world, call.params.owner ?? '')?.id,
  );
  if (!repo) throw notFound();
  const found = team.repos.find((it) => it.repoId === repo.id) ?? { repoId: repo.id, permission: 'none' as const };
  return { ...found, repo: presentRepo(call.world, repo) };
}

function setTeamRepo(call: Call, remove: boolean): Answer {
  const { team } = forTeamAdmin(call);
  const { repoId } = teamRepo(call);
  const others = team.repos.filter((it) => it.repoId !== repoId);
  const permission = permissionFrom(textOf(call.body, 'permission')) ?? 'read';
  team.repos = remove ? others : [...others, { repoId, permission }];
  call.world.teams.put(team);
  return NO_CONTENT;
}

function teamRoutes(root: string): Routes {
  return {
    [`GET ${root}`]: (call) => ({ body: withCounts(call, teamIn(call).team) }),
    [`PATCH ${root}`]: editTeam,
    [`DELETE ${root}`]: (call) => {
      call.world.teams.drop(forTeamAdmin(call).team);
      return NO_CONTENT;
    },
    [`GET ${root}/members`]: listTeamMembers,
    [`GET ${root}/invitations`]: (call) => paged(call, teamIn(call).team.members.slice(0, 0), (it) => it),
    [`GET ${root}/memberships/:login`]: teamMembership,
    [`PUT ${root}/memberships/:login`]: (call) => {
      const { team, actor } = forTeamAdmin(call);
      actions.setTeamMember(
        call.world,
        actor,
        team,
        userIn(call),
        choiceOf(call.body, 'role', ['member', 'maintainer'] as const) ?? 'member',
      );
      return teamMembership(call);
    },
    [`DELETE ${root}/memberships/:login`]: (call) => {
      const { team, actor } = forTeamAdmin(call);
      actions.setTeamMember(call.world, actor, team, userIn(call), null);
      return NO_CONTENT;
    },
    [`GET ${root}/teams`]: (call) => {
      const { team } = teamIn(call);
      return paged(
        call,
        call.world.teams.in(team.orgId).filter((it) => it.parentId === team.id),
        (it) => presentTeam(call.world, it),
      );
    },
    [`GET ${root}/repos`]: (call) => {
      const { team } = teamIn(call);
      return paged(call, team.repos, (it) => ({
        ...presentRepo(call.world, call.world.repos.need(it.repoId)),
        permissions: permissionMap(it.permission),
        role_name: it.permission,
      }));
    },
    [`GET ${root}/repos/:owner/:repo`]: (call) => {
      const { repo, permission } = teamRepo(call);
      if (permission === 'none') throw notFound();
      return /application\/vnd\.github\.v3\.repository/.test(call.accept)
        ? { body: { ...repo, permissions: permissionMap(permission), role_name: permission } }
        : NO_CONTENT;
    },
    [`PUT ${root}/repos/:owner/:repo`]: (call) => setTeamRepo(call, false),
    [`DELETE ${root}/repos/:owner/:repo`]: (call) => setTeamRepo(call, true),
  };
}

function self(call: Call): Account {
  if (call.caller.kind === 'installation') throw new Refusal(403, 'Resource not accessible by integration');
  return needAccount(call);
}

function ownMemberships(call: Call): Answer {
  const me = self(call);
  const state = call.query.get('state');
  const list = call.world.memberships.all().filter((it) => it.userId === me.id && (!state || it.state === state));
  return paged(call, list, (it) => presentMembership(call, call.world.accounts.need(it.orgId), it));
}

function answerInvitation(call: Call, accept: boolean): Answer {
  const me = self(call);
  const found = call.world.invitations.get(Number(call.params.id));
  if (!found || found.inviteeId !== me.id) throw notFound();
  call.world.invitations.drop(found);
  if (accept) actions.setCollaborator(call.world, me, call.world.repos.need(found.repoId), me, found.permission);
  return NO_CONTENT;
}

function acceptMembership(call: Call): Answer {
  const me = self(call);
  const org = orgIn(call);
  const found = call.world.memberships.in(org.id).find((it) => it.userId === me.id);
  if (!found) throw notFound();
  if (textOf(call.body, 'state') !== 'active') throw new Refusal(422, 'Validation Failed');
  found.state = 'active';
  call.world.memberships.put(found);
  return { body: presentMembership(call, org, found) };
}

export const peopleRoutes: Routes = {
  'GET /user': (call) => {
    const me = self(call);
    return {
      body: {
        ...presentProfile(call.world, me),
        private_gists: 0,
        total_private_repos: 0,
        owned_private_repos: 0,
        disk_usage: 0,
        collaborators: 0,
        two_factor_authentication: true,
      },
    };
  },
  'GET /user/emails': (call) => ({
    body: [{ email: self(call).email, primary: true, verified: true, visibility: 'public' }],
  }),
  'GET /user/orgs': (call) => {
    const me = self(call);
    const list = call.world.memberships.all().filter((it) => it.userId === me.id && it.state === 'active');
    return paged(call, list, (it) => presentOrganization(call.world, call.world.accounts.need(it.orgId)));
  },
  'GET /user/memberships/orgs': ownMemberships,
  'GET /user/memberships/orgs/:org': (call) =>
    membership({ ...call, params: { ...call.params, login: self(call).login } }),
  'PATCH /user/memberships/orgs/:org': acceptMembership,
  'GET /user/repository_invitations': (call) => {
    const me = self(call);
    return paged(
      call,
      call.world.invitations.all().filter((it) => it.inviteeId === me.id),
      (it) => presentInvitation(call, it.id),
    );
  },
  'PATCH /user/repository_invitations/:id': (call) => answerInvitation(call, true),
  'DELETE /user/repository_invitations/:id': (call) => answerInvitation(call, false),
  'GET /users/:login': (call) => ({ body: presentProfile(call.world, userIn(call)) }),
  'GET /users/:login/orgs': (call) => {
    const list = call.world.memberships
      .all()
      .filter((it) => it.userId === userIn(call).id && it.state === 'active' && it.public);
    return paged(call, list, (it) => presentOrganization(call.world, call.world.accounts.need(it.orgId)));
  },
  'GET /orgs/:org': (call) => ({ body: presentFullOrganization(call.world, orgIn(call)) }),
  'PATCH /orgs/:org': (call) => {
    const { org } = orgForAdmin(call);
    org.name = textOf(call.body, 'name') ?? org.name;
    org.email = textOf(call.body, 'email') ?? org.email;
    org.defaultPermission = permissionFrom(textOf(call.body, 'default_repository_permission')) ?? org.defaultPermission;
    call.world.accounts.put(org);
    return { body: presentFullOrganization(call.world, org) };
  },
  'GET /orgs/:org/members': listMembers,
  'GET /orgs/:org/members/:login': isMember,
  'GET /orgs/:org/public_members': (call) => {
    const list = activeMembers(call, orgIn(call)).filter((it) => it.public);
    return paged(call, list, (it) => presentAccount(call.world, call.world.accounts.need(it.userId)));
  },
  'GET /orgs/:org/public_members/:login': (call) => {
    if (!activeMembers(call, orgIn(call)).some((it) => it.public && it.userId === userIn(call).id)) throw notFound();
    return NO_CONTENT;
  },
  'GET /orgs/:org/memberships/:login': membership,
  'PUT /orgs/:org/memberships/:login': setMembership,
  'DELETE /orgs/:org/memberships/:login': removeMembership,
  'DELETE /orgs/:org/members/:login': removeMembership,
  'GET /orgs/:org/invitations': invitations,
  'GET /orgs/:org/failed_invitations': (call) => paged(call, [orgForAdmin(call).org].slice(0, 0), (it) => it),
  'GET /orgs/:org/outside_collaborators': (call) => {
    const { org } = orgForAdmin(call);
    const members = new Set(activeMembers(call, org).map((it) => it.userId));
    const ids = new Set(
      call.world.repos
        .all()
        .filter((repo) => repo.ownerId === org.id)
        .flatMap((repo) => repo.collaborators.map((it) => it.userId)),
    );
    return paged(
      call,
      [...ids].filter((id) => !members.has(id)),
      (id) => presentAccount(call.world, call.world.accounts.need(id)),
    );
  },
  'GET /orgs/:org/teams': (call) => {
    const org = orgIn(call);
    if (!seesInside(call, org)) throw notFound();
    return paged(call, call.world.teams.in(org.id), (it) => presentTeam(call.world, it));
  },
  'POST /orgs/:org/teams': createTeam,
  ...teamRoutes('/orgs/:org/teams/:slug'),
  ...teamRoutes('/organizations/:orgId/team/:team'),
  ...teamRoutes('/teams/:team'),
};
