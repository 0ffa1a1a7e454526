import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readRef, ZERO } from '../../git/refs.ts';
import * as actions from '../../model/actions/index.ts';
import { gitDir, pullByNumber } from '../../model/lookup.ts';
import type { Account, Delivery, PullIssue, Repo } from '../../model/records.ts';
import { openWorld, type World } from '../../model/world.ts';
import { createPage, type PageOptions } from '../server/index.ts';
import { playBot } from './bot.ts';
import { HELP } from './help.ts';

/** A small organisation with three pull requests, and a bot that answers some commands: what the page's tests look at. */
export interface Scene {
  world: World;
  repo: Repo;
  person(login: string): Account;
  pull(number: number): PullIssue;
  /** `http://127.0.0.1:1234` */
  url: string;
  close(): Promise<void>;
}

export interface SceneOptions {
  dataDir: string;
  /** The bot answers by itself; off, a test does what the bot would do. */
  bot?: boolean;
  page?: Partial<PageOptions>;
}

export async function openScene(options: SceneOptions): Promise<Scene> {
  const world = openWorld(options.dataDir);
  Object.assign(world.urls, { html: BASE, api: `${BASE}/api/v3`, graphql: `${BASE}/api/graphql` });
  await seed(world);
  const help = await listen(createServer((_request, response) => response.end(JSON.stringify(HELP))));
  const page = await createPage({
    world,
    startOver: async () => {
      world.clear();
      await seed(world);
    },
    repo: 'acme/widgets',
    people: ['alice', 'bob', 'stranger'],
    pluginHelpUrl: help.url,
    jobsUrl: 'http://127.0.0.1:1/jobs',
    ...options.page,
  });
  const server = createServer(async (request, response) => {
    if (!(await page(request, response))) response.writeHead(404).end('not a page\n');
  });
  const { url } = await listen(server);
  world.onDelivery = (delivery) => answered(world, delivery);
  const stopBot = options.bot === false ? () => undefined : playBot(world);
  return {
    world,
    repo: repoOf(world),
    person: (login) => personOf(world, login),
    pull: (number) => pullOf(world, number),
    url,
    async close() {
      stopBot();
      await Promise.all([closed(server), closed(help.server)]);
      world.close();
    },
  };
}

const BASE = 'http://127.0.0.1:1';

async function listen(server: Server): Promise<{ server: Server; url: string }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

function personOf(world: World, login: string): Account {
  const account = world.accounts.by(login);
  if (!account) throw new Error(`no ${login} in the scene`);
  return account;
}

function repoOf(world: World): Repo {
  const repo = world.repos.all().find(({ name, parentId }) => name === 'widgets' && parentId === null);
  if (!repo) throw new Error('no repository in the scene');
  return repo;
}

function pullOf(world: World, number: number): PullIssue {
  const pull = pullByNumber(world, repoOf(world), number);
  if (!pull) throw new Error(`no #${number} in the scene`);
  return pull;
}

/** Every delivery is answered at once, as by a bot that is well. */
function answered(world: World, delivery: Delivery): void {
  setTimeout(() => {
    Object.assign(delivery, { state: 'done', status: 'OK', statusCode: 200, durationMs: 3, responseBody: '{}' });
    world.deliveries.put(delivery);
    const { id, event } = delivery;
    world.feed.add({
      at: world.now(),
      kind: 'delivery.done',
      actor: 'github',
      repo: null,
      numbers: [],
      data: { deliveryId: id, event },
    });
  }, 3);
}

const BRANCHES = [
  { number: 42, login: 'bob', branch: 'retry-uploads', title: 'Retry uploads when the bucket answers 503', lines: 48 },
  { number: 43, login: 'stranger', branch: 'typo', title: 'Fix a typo in the README', lines: 1 },
  { number: 44, login: 'alice', branch: 'name-bucket', title: 'Name the bucket in every error', lines: 12 },
];
const BODIES: Record<number, string> = {
  42: 'The uploader gives up on the first 503. Retry up to five times with a growing pause, and stop early when the caller cancels.',
  43: '“recieve” is “receive”.',
  44: 'An error without the bucket’s name helps nobody.',
};

async function seed(world: World): Promise<void> {
  const acme = actions.createAccount(world, { login: 'acme', type: 'Organization' });
  const alice = actions.createAccount(world, { login: 'alice', name: 'Alice' });
  const bob = actions.createAccount(world, { login: 'bob', name: 'Bob' });
  const stranger = actions.createAccount(world, { login: 'stranger', name: 'Stranger' });
  actions.createAccount(world, { login: 'cutwater[bot]', type: 'Bot' });
  actions.setMembership(world, alice, acme, alice, 'admin');
  actions.setMembership(world, alice, acme, bob);
  const repo = await actions.createRepo(world, alice, acme, { name: 'widgets' });
  world.hooks.put({
    id: world.nextId(),
    target: 'repository',
    targetId: repo.id,
    url: 'http://127.0.0.1:8888/hook',
    secret: 'not-told',
    contentType: 'json',
    events: ['*'],
    active: true,
    createdAt: world.now(),
    updatedAt: world.now(),
  });
  await actions.pushCommit(world, {
    actor: alice,
    repo,
    branch: 'main',
    message: 'First',
    files: fileOf('README.md', 3),
  });
  const fork = await actions.forkRepo(world, stranger, repo, stranger);
  const people = { alice, bob, stranger };
  for (const { number, login, branch, title, lines } of BRANCHES) {
    const actor = people[login as keyof typeof people];
    const headRepo = login === 'stranger' ? fork : repo;
    await branchOff(world, actor, headRepo, branch, lines);
    await actions.openPull(world, {
      actor,
      repo,
      title,
      body: BODIES[number] ?? '',
      base: 'main',
      headRepo,
      head: branch,
      number,
    });
  }
  await prepare(world, { repo, fork, bob, stranger });
  await actions.openIssue(world, {
    actor: bob,
    repo,
    title: 'Uploads are slow on Mondays',
    body: 'Who could look into this?',
  });
}

function fileOf(path: string, lines: number): { path: string; content: string }[] {
  return [{ path, content: Array.from({ length: lines }, (_, index) => `line ${index + 1} of ${path}\n`).join('') }];
}

async function branchOff(world: World, actor: Account, repo: Repo, branch: string, lines: number): Promise<void> {
  const main = await readRef(gitDir(world, repo), 'refs/heads/main');
  await actions.moveRef(world, actor, repo, { ref: `refs/heads/${branch}`, before: ZERO, after: main ?? ZERO });
  for (const [message, path] of [
    [`Begin ${branch}`, 'README.md'],
    [`Work on ${branch}`, `src/${branch}.go`],
  ] as const) {
    await actions.pushCommit(world, { actor, repo, branch, message, files: fileOf(path, lines) });
  }
}

async function prepare(
  world: World,
  { repo, fork, bob, stranger }: { repo: Repo; fork: Repo; bob: Account; stranger: Account },
): Promise<void> {
  await branchOff(world, stranger, fork, 'faster', 5);
  const ref = 'refs/heads/next';
  const head = (await readRef(gitDir(world, repo), 'refs/heads/retry-uploads')) ?? ZERO;
  await actions.moveRef(world, bob, repo, { ref, before: ZERO, after: head });
  const sha = await actions.pushCommit(world, {
    actor: bob,
    repo,
    branch: 'next',
    message: 'Cap the backoff at 30 s',
    files: fileOf('src/cap.go', 4),
  });
  const base = { repoId: repo.id, sha: '', used: false, body: 'It was measured twice.' };
  world.prepared.put({
    ...base,
    id: world.nextId(),
    kind: 'branch',
    headRepoId: fork.id,
    branch: 'faster',
    login: stranger.login,
    title: 'Make it faster',
  });
  world.prepared.put({
    ...base,
    id: world.nextId(),
    kind: 'commit',
    headRepoId: repo.id,
    branch: 'retry-uploads',
    login: bob.login,
    title: 'Cap the backoff at 30 s',
    sha,
  });
}
