import { Buffer } from 'node:buffer';
import { CutwaterError } from '../../errors.ts';
import { ownersContent, ownersKind, ownersOf } from '../../owners/index.ts';
import type { Card, PortMap, PullRequest } from '../../ports/index.ts';
import { comment, type World } from './world.ts';

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
const without = (list: string[], gone: string[]) => list.filter((item) => !gone.some((name) => same(item, name)));
const withAll = (list: string[], more: string[]) => [
  ...list,
  ...more.filter((name) => !list.some((item) => same(item, name))),
];

/** The core ports over a World: the same promises as GitHub's, as far as plugins rely on them. */
export function worldPorts(world: World): PortMap {
  const ports = {
    labels: labelsOf(world),
    comments: commentsOf(world),
    issue: issueOf(world),
    pull: pullOf(world),
    reviews: reviewsOf(world),
    statuses: statusesOf(world),
    workflows: workflowsOf(world),
    people: peopleOf(world),
    owners: ownersOfWorld(world),
    repo: repoOf(world),
    search: searchOf(world),
    web: webOf(world),
    projects: projectsOf(world),
  };
  return recorded(world, ports) as unknown as PortMap;
}

type Part<N extends keyof PortMap> = (world: World) => PortMap[N];

const labelsOf: Part<'labels'> = (world) => ({
  list: async () => [...world.labels],
  async add(...names) {
    world.labels = withAll(world.labels, names);
  },
  async remove(name) {
    world.labels = without(world.labels, [name]);
  },
  catalog: async () => world.repoLabels.map((name) => ({ name, color: 'ffffff', description: '' })),
  history: async () => world.labelHistory,
});

const commentsOf: Part<'comments'> = (world) => ({
  list: async () => [...world.comments],
  async create(body) {
    const made = comment(world.bot, body, { byBot: true });
    world.comments = [...world.comments, made];
    return made;
  },
  async edit(id, body) {
    world.comments = world.comments.map((item) => (item.id === id ? { ...item, body } : item));
  },
  async react(id, content) {
    world.reactions = [...world.reactions, `${content} to comment ${id}`];
  },
  async delete(id) {
    world.comments = world.comments.filter((item) => item.id !== id);
  },
});

const issueOf: Part<'issue'> = (world) => ({
  get: async () => ({
    number: world.number,
    nodeId: `I_${world.number}`,
    title: world.title,
    body: world.body,
    author: world.author,
    state: world.state,
    isPull: world.isPull,
    labels: [...world.labels],
    assignees: [...world.assignees],
    ...milestoneOf(world),
  }),
  create: async (wanted) => 100 + world.created.push({ kind: 'issue', ...wanted }),
  async edit(change) {
    Object.assign(world, change);
  },
  async close(reason) {
    Object.assign(world, { state: 'closed', closedAs: reason });
  },
  async reopen() {
    world.state = 'open';
  },
  async react(content) {
    world.reactions = [...world.reactions, content];
  },
  async setMilestone(milestone) {
    world.milestone = milestone;
  },
  milestones: async () => world.milestones,
  async assign(...logins) {
    world.assignees = withAll(world.assignees, without(logins, world.unassignable));
    return world.assignees;
  },
  async unassign(...logins) {
    world.assignees = without(world.assignees, logins);
  },
});

function milestoneOf(world: World): { milestone?: { number: number; title: string } } {
  const found = world.milestones.find(({ number }) => number === world.milestone);
  return found ? { milestone: { number: found.number, title: found.title } } : {};
}

/** The pull request of a World as GitHub would describe it. */
export function pullOfWorld(world: World): PullRequest {
  return {
    number: world.number,
    nodeId: `PR_${world.number}`,
    title: world.title,
    body: world.body,
    author: world.author,
    authorIsBot: world.authorIsBot,
    state: world.state,
    draft: world.draft,
    merged: world.merged,
    mergeable: world.mergeable,
    ...(world.mergeCommitSha && { mergeCommitSha: world.mergeCommitSha }),
    labels: [...world.labels],
    assignees: [...world.assignees],
    requestedReviewers: [...world.reviewers],
    requestedTeams: [...world.reviewerTeams],
    head: { ref: world.headRef, sha: world.headSha, org: world.headOrg, repo: world.repo, user: world.headOrg },
    base: { ref: world.baseRef, sha: world.baseSha, org: world.org, repo: world.repo },
    url: `https://github.com/${world.org}/${world.repo}/pull/${world.number}`,
    commits: world.commits.length,
  };
}

const pullOf: Part<'pull'> = (world) => ({
  get: async () => pullOfWorld(world),
  async openFrom(head, base) {
    const number = world.openPulls[`${head} ${base}`];
    return number === undefined
      ? undefined
      : { number, url: `https://github.com/${world.org}/${world.repo}/pull/${number}` };
  },
  create: async (wanted) => 100 + world.created.push({ kind: 'pull', ...wanted }),
  files: async () => world.files,
  commits: async () => world.commits,
  diff: async () => world.files.map(({ patch }) => patch).join('\n'),
  patch: async () => world.files.map(({ patch }) => patch).join('\n'),
  async requestReview(users, teams = []) {
    const refused = users.filter((user) => world.unassignable.some((name) => same(name, user)));
    if (refused.length > 0)
      throw new CutwaterError('invalid', `Reviews may only be requested from collaborators: ${refused.join(', ')}`);
    world.reviewers = withAll(world.reviewers, users);
    world.reviewerTeams = withAll(world.reviewerTeams, teams);
  },
  async unrequestReview(users, teams = []) {
    world.reviewers = without(world.reviewers, users);
    world.reviewerTeams = without(world.reviewerTeams, teams);
  },
  withHead: async (sha) => (sha === world.headSha ? [world.number] : []),
});

const reviewsOf: Part<'reviews'> = (world) => ({
  list: async () => world.reviews,
  lineComments: async () => world.lineComments,
  async create(review) {
    world.reviews = [
      ...world.reviews,
      {
        id: world.reviews.length + 1,
        author: world.bot,
        body: review.body,
        state: 'COMMENTED',
        submittedAt: '',
        url: '',
      },
    ];
    world.lineComments = [
      ...world.lineComments,
      ...review.comments.map((line, index) => ({
        id: index + 1,
        author: world.bot,
        createdAt: '',
        updatedAt: '',
        url: '',
        ...line,
      })),
    ];
    return true;
  },
  async editLineComment(id, body) {
    world.lineComments = world.lineComments.map((item) => (item.id === id ? { ...item, body } : item));
  },
  async deleteLineComment(id) {
    world.lineComments = world.lineComments.filter((item) => item.id !== id);
  },
});

const statusesOf: Part<'statuses'> = (world) => ({
  combined: async (ref) => [
    ...new Map((world.statuses[ref] ?? []).toReversed().map((status) => [status.context, status])).values(),
  ],
  list: async (ref) => world.statuses[ref] ?? [],
  async set(sha, status) {
    const made = { url: '', updatedAt: '', creator: world.bot, ...status };
    world.statuses = { ...world.statuses, [sha]: [made, ...(world.statuses[sha] ?? [])] };
  },
  checkRuns: async () => world.checkRuns,
  async createCheckRun(_sha, run) {
    world.checkRuns = [
      ...world.checkRuns,
      {
        id: world.checkRuns.length + 1,
        name: run.name,
        app: world.bot,
        status: 'completed',
        conclusion: run.conclusion,
        url: '',
      },
    ];
  },
});

const workflowsOf: Part<'workflows'> = (world) => ({
  list: async () => world.workflowRuns,
  async approve(id) {
    world.workflowRuns = world.workflowRuns.map((run) => (run.id === id ? { ...run, approved: true } : run));
  },
  async rerunFailed(id) {
    world.workflowRuns = world.workflowRuns.map((run) => (run.id === id ? { ...run, rerun: true } : run));
  },
});

const peopleOf: Part<'people'> = (world) => ({
  isMember: async (org, login) => (world.members[org] ?? []).some((name) => same(name, login)),
  isCollaborator: async (login) => world.collaborators.some((name) => same(name, login)),
  collaborators: async () => world.collaborators,
  permission: async (login) =>
    world.permissions[login] ?? (world.collaborators.some((name) => same(name, login)) ? 'write' : 'read'),
  user: async (login) => ({ login, name: login, type: login.endsWith('[bot]') ? 'Bot' : 'User' }),
  teams: async (org) => teamsOf(world).filter((team) => team.org === org),
  team: async (org, slug) => teamsOf(world).find((team) => team.org === org && team.slug === slug),
  teamMembers: async (org, slug) => world.teams[`${org}/${slug}`] ?? [],
  isTeamMember: async (org, slug, login) => (world.teams[`${org}/${slug}`] ?? []).some((name) => same(name, login)),
  teamMembersById: async (id) => Object.values(world.teams)[id - 1] ?? [],
});

function teamsOf(world: World): { id: number; org: string; slug: string; name: string }[] {
  return Object.keys(world.teams).map((key, index) => {
    const [org = '', slug = ''] = key.split('/');
    return { id: index + 1, org, slug, name: slug };
  });
}

const repoOf: Part<'repo'> = (world) => ({
  get: async () => ({
    defaultBranch: world.defaultBranch,
    archived: false,
    private: false,
    nodeId: 'R_1',
    mergeMethods: ['merge', 'squash', 'rebase'],
    permissions: { push: true },
  }),
  ref: async (ref) => world.refs[ref],
  async fork(login) {
    if (world.forking !== 'allowed') throw new CutwaterError(world.forking, 'Forking is not allowed');
    return { org: login, repo: world.repo };
  },
  async deleteRef(ref) {
    world.refs = Object.fromEntries(Object.entries(world.refs).filter(([name]) => name !== ref));
  },
  file: async (path) => world.repoFiles[path],
  tree: async () => ({
    entries: Object.keys(world.repoFiles).map((path) => ({ path, type: 'blob' as const, sha: path, mode: '100644' })),
    truncated: false,
  }),
  blob: async (sha) => Buffer.from(world.repoFiles[sha] ?? ''),
  async commit(ref) {
    const found = world.commits.find(({ sha }) => sha === ref);
    return {
      sha: ref,
      message: found?.message ?? '',
      tree: found?.tree ?? 'c'.repeat(40),
      parents: found?.parents ?? [],
      author: found?.author ?? '',
    };
  },
  mergeBase: async () => world.baseSha,
  blame: async (_ref, path) => world.blame[path] ?? [],
  requiredContexts: async () => world.requiredContexts,
  branches: async () =>
    Object.entries(world.refs).map(([name, sha]) => ({ name: name.replace('heads/', ''), protected: false, sha })),
});

/** From `repoFiles` under the usual names; nobody is left out for not being a collaborator. */
const ownersOfWorld: Part<'owners'> = (world) => {
  async function load() {
    const filenames = { owners: 'OWNERS', aliases: 'OWNERS_ALIASES' };
    const kindOf = ownersKind({ filenames, markdown: false, ignoredDirs: [] });
    const texts = Object.entries(world.repoFiles).flatMap(([path, text]) => {
      const kind = kindOf(path);
      return kind ? [{ path, kind, text }] : [];
    });
    return ownersOf(ownersContent(world.baseSha, filenames, texts));
  }
  const texts = async (_commit: string, files: readonly { path: string; sha: string }[]) =>
    new Map(files.map(({ path, sha }) => [sha, world.repoFiles[path] ?? '']));
  return { load, loadCommit: load, texts };
};

const projectsOf: Part<'projects'> = (world) => {
  const columns = () => (world.boards ?? []).flatMap((board) => board.columns);
  const put = (id: number, card: Card) =>
    columns()
      .find((column) => column.id === id)
      ?.cards.push(card);
  function take(id: number): Card | undefined {
    const from = columns().find(({ cards }) => cards.some((card) => card.id === id));
    return from?.cards.splice(
      from.cards.findIndex((card) => card.id === id),
      1,
    )[0];
  }
  const contentUrl = `https://api.github.com/repos/${world.org}/${world.repo}/issues/${world.number}`;
  return {
    ofRepo: async (repo) => world.boards?.filter(({ of }) => of === `${world.org}/${repo}`),
    ofOrg: async (org) => world.boards?.filter(({ of }) => of === org),
    repos: async (org) =>
      (world.boards ?? []).flatMap(({ of }) => (of.startsWith(`${org}/`) ? of.slice(org.length + 1) : [])),
    columns: async (id) => world.boards?.find((board) => board.id === id)?.columns ?? [],
    cards: async (id) => columns().find((column) => column.id === id)?.cards ?? [],
    async add(column) {
      put(column, { id: 1000 + column, contentUrl });
    },
    async move(card, column) {
      const moved = take(card);
      if (moved) put(column, moved);
    },
    async remove(card) {
      take(card);
    },
  };
};

const searchOf: Part<'search'> = (world) =>
  ({
    issues: async () => world.found,
    query: async () => ({}),
    mutate: async () => ({}),
  }) as unknown as PortMap['search'];

const webOf: Part<'web'> = (world) => {
  async function answer(url: string) {
    const page = world.pages[url];
    if (!page) throw new CutwaterError('transient', `${url}: nothing answers`);
    return { status: page.status ?? 200, headers: page.headers ?? {}, body: page.body ?? '' };
  }
  return { get: answer, draw: answer, head: answer };
};

type AnyPort = Record<string, (...args: unknown[]) => unknown>;

function recorded(world: World, ports: object): Record<string, AnyPort> {
  return Object.fromEntries(
    Object.entries(ports as Record<string, AnyPort>).map(([name, port]) => [name, recordedPort(world, name, port)]),
  );
}

function recordedPort(world: World, name: string, port: AnyPort): AnyPort {
  return Object.fromEntries(
    Object.entries(port).map(([call, run]) => [
      call,
      (...args: unknown[]) => {
        world.calls.push(
          `${name}.${call}(${args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg))).join(', ')})`,
        );
        return run(...args);
      },
    ]),
  );
}
