import { fullName } from '../model/lookup.ts';
import { nodeId } from '../model/nodeid.ts';
import type { BranchProtection, Label, Milestone, Permission, Repo } from '../model/records.ts';
import type { World } from '../model/world.ts';
import type { Json } from './accounts.ts';
import { presentAccount } from './accounts.ts';

const PATHS: Record<string, string> = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
};

export function repoApi(world: World, repo: Repo): string {
  return `${world.urls.api}/repos/${fullName(world, repo)}`;
}

export function repoHtml(world: World, repo: Repo): string {
  return `${world.urls.html}/${fullName(world, repo)}`;
}

/** A repository as REST lists and webhooks show it. */
export function presentRepo(world: World, repo: Repo): Json {
  const api = repoApi(world, repo);
  const html = repoHtml(world, repo);
  const open = world.issues.in(repo.id).filter((issue) => issue.state === 'open').length;
  return {
    id: repo.id,
    node_id: nodeId('R', repo.id),
    name: repo.name,
    full_name: fullName(world, repo),
    private: repo.private,
    owner: presentAccount(world, world.accounts.need(repo.ownerId)),
    html_url: html,
    description: repo.description,
    fork: repo.parentId !== null,
    url: api,
    ...Object.fromEntries(Object.entries(PATHS).map(([name, path]) => [name, `${api}${path}`])),
    created_at: repo.createdAt,
    updated_at: repo.updatedAt,
    pushed_at: repo.pushedAt,
    git_url: `${html.replace(/^https?/, 'git')}.git`,
    ssh_url: `git@${new URL(world.urls.html).hostname}:${fullName(world, repo)}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    homepage: repo.homepage,
    size: 1,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: repo.hasIssues,
    has_projects: repo.hasProjects,
    has_downloads: true,
    has_wiki: repo.hasWiki,
    has_pages: false,
    has_discussions: false,
    forks_count: forksOf(world, repo),
    mirror_url: null,
    archived: repo.archived,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: repo.topics,
    visibility: repo.private ? 'private' : 'public',
    forks: forksOf(world, repo),
    open_issues: open,
    watchers: 0,
    default_branch: repo.defaultBranch,
  };
}

/** The repository of a `push` webhook, which names its owner otherwise and counts times in seconds. */
export function presentPushedRepo(world: World, repo: Repo): Json {
  const shown = presentRepo(world, repo);
  const owner = world.accounts.need(repo.ownerId);
  const seconds = (time: string) => Math.floor(Date.parse(time) / 1000);
  return {
    ...shown,
    owner: { name: owner.login, email: owner.email, ...presentAccount(world, owner) },
    created_at: seconds(repo.createdAt),
    pushed_at: seconds(repo.pushedAt),
    stargazers: 0,
    master_branch: repo.defaultBranch,
    ...(owner.type === 'Organization' ? { organization: owner.login } : {}),
  };
}

function forksOf(world: World, repo: Repo): number {
  return world.repos.all().filter((it) => it.parentId === repo.id).length;
}

/** GitHub's old permission map of five booleans. */
export function permissionMap(permission: Permission): Record<string, boolean> {
  const at = ['none', 'read', 'triage', 'write', 'maintain', 'admin'].indexOf(permission);
  return { admin: at >= 5, maintain: at >= 4, push: at >= 3, triage: at >= 2, pull: at >= 1 };
}

/** A repository as `GET /repos/{owner}/{repo}` shows it to someone. */
export function presentFullRepo(world: World, repo: Repo, permission: Permission): Json {
  const parent = world.repos.get(repo.parentId);
  return {
    ...presentRepo(world, repo),
    permissions: permissionMap(permission),
    allow_merge_commit: repo.allowMergeCommit,
    allow_squash_merge: repo.allowSquashMerge,
    allow_rebase_merge: repo.allowRebaseMerge,
    allow_auto_merge: false,
    allow_update_branch: false,
    delete_branch_on_merge: repo.deleteBranchOnMerge,
    squash_merge_commit_title: 'COMMIT_OR_PR_TITLE',
    squash_merge_commit_message: 'COMMIT_MESSAGES',
    merge_commit_title: 'MERGE_MESSAGE',
    merge_commit_message: 'PR_TITLE',
    subscribers_count: 0,
    network_count: forksOf(world, repo),
    temp_clone_token: '',
    ...(parent ? { parent: presentRepo(world, parent), source: presentRepo(world, parent) } : {}),
  };
}

export function presentLabel(world: World, label: Label): Json {
  const repo = world.repos.need(label.repoId);
  return {
    id: label.id,
    node_id: nodeId('LA', label.id),
    url: `${repoApi(world, repo)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

export function presentMilestone(world: World, milestone: Milestone): Json {
  const repo = world.repos.need(milestone.repoId);
  const issues = world.issues.in(repo.id).filter((issue) => issue.milestoneId === milestone.id);
  const api = `${repoApi(world, repo)}/milestones/${milestone.number}`;
  return {
    url: api,
    html_url: `${repoHtml(world, repo)}/milestone/${milestone.number}`,
    labels_url: `${api}/labels`,
    id: milestone.id,
    node_id: nodeId('MI', milestone.id),
    number: milestone.number,
    title: milestone.title,
    description: milestone.description,
    creator: presentAccount(world, world.accounts.need(milestone.creatorId)),
    open_issues: issues.filter((issue) => issue.state === 'open').length,
    closed_issues: issues.filter((issue) => issue.state === 'closed').length,
    state: milestone.state,
    created_at: milestone.createdAt,
    updated_at: milestone.updatedAt,
    due_on: milestone.dueOn,
    closed_at: milestone.closedAt,
  };
}

/** The branch protection that holds for a branch: an exact pattern first, then globs of `*` in their order. */
export function protectionOf(repo: Repo, branch: string): BranchProtection | undefined {
  const matches = (pattern: string) =>
    new RegExp(
      `^${pattern
        .split('*')
        .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
        .join('[^/]*')}$`,
    ).test(branch);
  return repo.protections.find((it) => it.pattern === branch) ?? repo.protections.find((it) => matches(it.pattern));
}
