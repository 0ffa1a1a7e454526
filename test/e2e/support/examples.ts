import { createHmac, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import * as actions from '../../../sandbox/model/actions/index.ts';
import { accountByLogin, repoByName } from '../../../sandbox/model/lookup.ts';
import type { Repo } from '../../../sandbox/model/records.ts';
import type { World } from '../../../sandbox/model/world.ts';
import { openStage, type Stage, WEBHOOK_SECRET } from './stage.ts';
import { TOGETHER } from './together.ts';

interface Payload {
  repository?: { name?: string; owner?: { login?: string } };
  issue?: { number: number; pull_request?: object };
  pull_request?: { number: number };
  comment?: object;
}
const examples = createRequire(import.meta.url)('@octokit/webhooks-examples') as {
  name: string;
  examples: Payload[];
}[];
/** Every webhook that GitHub documents, by its event's name. */
export const payloads = examples.flatMap(({ name, examples: all }) => all.map((payload) => ({ name, payload })));

/** A stage with every plugin on in every repository that the webhooks speak of, which the sandbox holds. */
export async function openExamplesStage(): Promise<Stage> {
  const all = TOGETHER.join(', ');
  const owners = new Set(payloads.flatMap(({ payload }) => payload.repository?.owner?.login ?? []));
  return openStage({
    config: `plugins:\n${[...owners].map((owner) => `  ${owner}: [${all}]\n`).join('')}`,
    async prepare({ world }) {
      for (const { payload } of payloads) await holdWhatIsNamed(world, payload);
    },
  });
}

/** Posts a webhook as GitHub does, signed; gives the status of the answer. */
export async function deliver(stage: Stage, event: string, payload: unknown): Promise<number> {
  const body = JSON.stringify(payload);
  const signature = createHmac('sha256', WEBHOOK_SECRET).update(body).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'x-github-event': event,
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': `sha256=${signature}`,
  };
  const answer = await fetch(`${stage.product.url}/hook`, { method: 'POST', headers, body });
  await answer.body?.cancel();
  return answer.status;
}

/** What the program logged as warnings and errors since it was ready. */
export function problemsIn(
  stage: Stage,
): { plugin?: string; msg: string; err?: { message: string; type: string; stack: string } }[] {
  const lines = stage.product
    .log()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  const all = lines.map((line) => JSON.parse(line));
  return all.slice(all.findIndex(({ msg }) => msg === 'Cutwater is ready') + 1).filter(({ level }) => level >= 40);
}

/** The sandbox gets the repository, the issue and the pull request that a payload speaks of. */
async function holdWhatIsNamed(world: World, { repository, issue, pull_request: pull }: Payload): Promise<void> {
  const { name, owner } = repository ?? {};
  if (!name || !owner?.login) return;
  const repo = repoByName(world, owner.login, name) ?? (await newRepo(world, owner.login, name));
  const number = pull?.number ?? issue?.number;
  if (number === undefined || world.issues.in(repo.id).some((known) => known.number === number)) return;
  const actor = accountByLogin(world, 'alice');
  if (!actor) return;
  if (!pull && !issue?.pull_request)
    return void (await actions.openIssue(world, { actor, repo, title: 'An issue', body: '' }));
  await actions.pushCommit(world, {
    actor,
    repo,
    branch: `topic-${number}`,
    message: 'A change',
    files: [{ path: 'x', content: Buffer.from(String(number)) }],
  });
  await actions.openPull(world, {
    actor,
    repo,
    title: 'A change',
    base: 'main',
    headRepo: repo,
    head: `topic-${number}`,
    number,
  });
}

async function newRepo(world: World, login: string, name: string): Promise<Repo> {
  const owner = accountByLogin(world, login) ?? actions.createAccount(world, { login, type: 'Organization' });
  const [app] = world.apps.all();
  if (app && !world.installations.all().some(({ accountId }) => accountId === owner.id)) {
    world.installations.put({
      id: world.nextId(),
      appId: app.id,
      accountId: owner.id,
      suspended: false,
      createdAt: world.now(),
    });
  }
  const repo = await actions.createRepo(world, owner, owner, { name });
  await actions.pushCommit(world, {
    actor: owner,
    repo,
    branch: 'main',
    message: 'Begin',
    files: [{ path: 'README.md', content: Buffer.from('x') }],
  });
  return repo;
}
