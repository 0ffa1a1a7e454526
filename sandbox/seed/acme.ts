import { readCommit, writeCommit } from '../git/commits.ts';
import { readRef, updateRef } from '../git/refs.ts';
import { editTree } from '../git/trees.ts';
import * as actions from '../model/actions/index.ts';
import { accountByLogin, gitDir } from '../model/lookup.ts';
import type { Account, Repo } from '../model/records.ts';
import type { World } from '../model/world.ts';
import { personOf } from '../present/commits.ts';
import { filesIn } from './files.ts';
import { LABELS } from './labels.ts';

interface Branch {
  name: string;
  login: string;
  /** In a fork of theirs; in the repository itself otherwise. */
  fork?: boolean;
  title: string;
  body: string;
  /** Messages of the commits that are there from the start; commit N's files stand in the folder NAME/N. */
  commits: string[];
  /** Messages of the commits that can be pushed later. */
  later: string[];
}

const OPEN: (Branch & { number: number; labels: string[] })[] = [
  {
    number: 42,
    name: 'retry-uploads',
    login: 'bob',
    title: 'Retry uploads when the bucket answers 503',
    body: 'The uploader gives up on the first 503. Retry up to five times with a growing pause, and stop early when the caller cancels.',
    commits: ['Retry uploads when the bucket answers 503', 'Stop retrying when the caller cancels'],
    later: ['Cap the backoff at 30 s', 'Break the line that lint names'],
    labels: ['size/M', 'kind/bug'],
  },
  {
    number: 43,
    name: 'typo',
    login: 'stranger',
    fork: true,
    title: 'Fix a typo in the README',
    body: '“recieve” is “receive”.',
    commits: ['Fix a typo in the README'],
    later: ['Say "one after another"'],
    labels: ['size/XS', 'needs-ok-to-test'],
  },
  {
    number: 44,
    name: 'name-the-bucket',
    login: 'alice',
    title: 'Name the bucket in every error',
    body: 'Whoever uploads to several buckets cannot tell which one said no.',
    commits: ['Name the bucket in every error'],
    later: ['Say in the comment what an error names'],
    labels: ['size/S', 'kind/feature'],
  },
];

const PREPARED: Branch[] = [
  {
    name: 'progress',
    login: 'bob',
    title: 'Show which file is being uploaded',
    body: 'A long upload looks as if nothing happened.',
    commits: ['Show which file is being uploaded'],
    later: ['Show how many chunks it has'],
  },
  {
    name: 'checksum',
    login: 'bob',
    title: 'Give the checksum of what the bucket holds',
    body: 'So that an upload can be compared with its source.',
    commits: ['Give the checksum of what the bucket holds'],
    later: ['Measure the file itself again'],
  },
  {
    name: 'dry-run',
    login: 'alice',
    title: 'Add --dry-run',
    body: 'Says what would be uploaded, and where to.',
    commits: ['Add --dry-run'],
    later: ['Document --dry-run'],
  },
  {
    name: 'exit-codes',
    login: 'stranger',
    fork: true,
    title: 'Say what the exit codes are good for',
    body: 'I had to read the code to find out.',
    commits: ['Say what the exit codes are good for'],
    later: ['Say it more plainly'],
  },
];

/** The small organisation that a newcomer plays with: acme/widgets with its people, pull requests, issues and branches. */
export async function seedAcme(world: World, org: Account): Promise<void> {
  const alice = person(world, 'alice');
  const repo = await actions.createRepo(world, alice, org, {
    name: 'widgets',
    description: 'Uploads files to a bucket',
  });
  for (const [login, permission] of [
    ['alice', 'maintain'],
    ['bob', 'write'],
    ['carol', 'write'],
  ] as const) {
    actions.setCollaborator(world, alice, repo, person(world, login), permission);
  }
  for (const label of LABELS) actions.createLabel(world, alice, repo, label);
  const base = filesIn('main');
  const isTest = (path: string) => path.startsWith('test/') || path.startsWith('scripts/');
  const first = base.filter((it) => !isTest(it.path));
  await actions.pushCommit(world, {
    actor: alice,
    repo,
    branch: 'main',
    message: 'Upload files to a bucket',
    files: first,
  });
  await actions.pushCommit(world, {
    actor: person(world, 'carol'),
    repo,
    branch: 'main',
    message: 'Test it',
    files: base.filter((it) => isTest(it.path)),
  });
  await merged(world, repo);
  await issues(world, repo);
  for (const branch of OPEN) {
    const headRepo = await writeBranch(world, repo, branch);
    const { number, title, body, name } = branch;
    const actor = person(world, branch.login);
    const pull = await actions.openPull(world, {
      actor,
      repo,
      number,
      title,
      body,
      base: 'main',
      headRepo,
      head: name,
      maintainerCanModify: true,
    });
    await actions.addLabels(world, person(world, 'cutwater'), pull, branch.labels);
  }
  for (const branch of PREPARED) await writeBranch(world, repo, branch);
}

async function merged(world: World, repo: Repo): Promise<void> {
  const alice = person(world, 'alice');
  const title = 'Raise the chunk size to 8 MiB';
  await writeBranch(
    world,
    repo,
    { name: 'bigger-chunks', login: 'alice', title, body: '', commits: [title], later: [] },
    false,
  );
  const pull = await actions.openPull(world, {
    actor: alice,
    repo,
    number: 40,
    title,
    body: 'Half as many requests for large files.',
    base: 'main',
    headRepo: repo,
    head: 'bigger-chunks',
  });
  await actions.addLabels(world, person(world, 'cutwater'), pull, ['size/XS', 'lgtm', 'approved']);
  await actions.mergePull(world, { actor: person(world, 'cutwater'), issue: pull, method: 'merge' });
}

async function issues(world: World, repo: Repo): Promise<void> {
  repo.lastNumber = 38;
  await actions.openIssue(world, {
    actor: person(world, 'carol'),
    repo,
    title: 'Upload several files at the same time',
    body: 'One after the other takes long when there are many small ones.',
  });
  repo.lastNumber = 40;
  await actions.openIssue(world, {
    actor: person(world, 'stranger'),
    repo,
    title: 'Uploads give up when the bucket is busy',
    body: 'The bucket answered 503 once, and the whole upload was lost. Asking again a second later works.',
  });
}

function person(world: World, login: string): Account {
  const account = accountByLogin(world, login);
  if (!account) throw new Error(`the seed has no ${login}`);
  return account;
}

/** Writes a branch's commits, those for later as well, which wait in `refs/prepared/`. Gives the repository that has it. */
async function writeBranch(world: World, repo: Repo, branch: Branch, prepare = true): Promise<Repo> {
  const author = person(world, branch.login);
  const headRepo = branch.fork ? await actions.forkRepo(world, author, repo, author) : repo;
  const dir = gitDir(world, headRepo);
  const messages = [...branch.commits, ...branch.later];
  let parent = (await readRef(gitDir(world, repo), 'refs/heads/main')) ?? '';
  for (const [index, message] of messages.entries()) {
    const before = await readCommit(dir, parent);
    const tree = await editTree(dir, before?.tree, filesIn(`${branch.name}/${index + 1}`));
    parent = await writeCommit(dir, { tree, parents: [parent], message, author: personOf(world, author) });
    if (index < branch.commits.length) await updateRef(dir, `refs/heads/${branch.name}`, parent);
    else await keepForLater(world, repo, headRepo, branch, message, parent);
  }
  if (prepare) addPrepared(world, repo, headRepo, branch, 'branch', branch.title, parent);
  return headRepo;
}

async function keepForLater(
  world: World,
  repo: Repo,
  headRepo: Repo,
  branch: Branch,
  message: string,
  sha: string,
): Promise<void> {
  await updateRef(gitDir(world, headRepo), `refs/prepared/${sha}`, sha);
  addPrepared(world, repo, headRepo, branch, 'commit', message, sha);
}

function addPrepared(
  world: World,
  repo: Repo,
  headRepo: Repo,
  branch: Branch,
  kind: 'branch' | 'commit',
  title: string,
  sha: string,
): void {
  const { login, name, body } = branch;
  const used = kind === 'branch' && OPEN.some((it) => it.name === name);
  world.prepared.put({
    id: world.nextId(),
    kind,
    repoId: repo.id,
    headRepoId: headRepo.id,
    branch: name,
    login,
    title,
    body,
    sha,
    used,
  });
}
