import { createAccount, setMembership } from '../model/actions/repos.ts';
import { accountByLogin } from '../model/lookup.ts';
import type { Account, App, Installation, Token } from '../model/records.ts';
import type { World } from '../model/world.ts';
import { seedAcme } from './acme.ts';
import { createApp } from './manifest.ts';

export type Seed = 'acme' | 'empty';

/** Who may do what with this GitHub: a token for each person and one for the bot, and the bot's App. */
export interface Credentials {
  /** By login: alice, bob, carol, stranger, cutwater and whoever a test adds a token for. */
  people: Record<string, string>;
  app: { id: number; slug: string; clientId: string; privateKey: string; installationId: number };
}

export interface SeedOptions {
  seed: Seed;
  webhookUrl: string;
  secret: string;
  /** Who sends the webhooks: the App, or the organisation as for a bot that acts with a token. */
  hook: 'app' | 'organization';
}

const PEOPLE = [
  { login: 'alice', name: 'Alice Moreau', email: 'alice@acme.example' },
  { login: 'bob', name: 'Bob Tanaka', email: 'bob@acme.example' },
  { login: 'carol', name: 'Carol Osei', email: 'carol@acme.example' },
  { login: 'stranger', name: 'Sam Stranger', email: 'sam@elsewhere.example' },
  { login: 'cutwater', name: 'Cutwater', email: 'cutwater@acme.example' },
];

const PERMISSIONS = {
  actions: 'write',
  checks: 'write',
  contents: 'write',
  issues: 'write',
  members: 'read',
  metadata: 'read',
  pull_requests: 'write',
  repository_projects: 'write',
  statuses: 'write',
};

const EVENTS = [
  'check_run',
  'check_suite',
  'issue_comment',
  'issues',
  'label',
  'member',
  'membership',
  'organization',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'push',
  'repository',
  'status',
  'team',
  'workflow_run',
];

/** What outlives "start over": a bot that runs holds the App's id, key and installation. */
export interface Kept {
  app: App | undefined;
  installation: Installation | undefined;
  tokens: readonly Token[];
}

/** Fills a new world, without telling anyone of what happens meanwhile; hooks are switched on at the end. */
export async function seedWorld(world: World, options: SeedOptions, kept?: Kept): Promise<void> {
  const org = createAccount(world, { login: 'acme', type: 'Organization', name: 'Acme', email: 'team@acme.example' });
  for (const person of PEOPLE) giveToken(world, createAccount(world, person));
  for (const [login, role] of [
    ['alice', 'admin'],
    ['bob', 'member'],
    ['carol', 'member'],
    ['cutwater', 'admin'],
  ] as const) {
    setMembership(world, org, org, need(world, login), role);
  }
  const app = createApp(world, {
    slug: 'cutwater',
    name: 'Cutwater',
    owner: org,
    permissions: PERMISSIONS,
    events: EVENTS,
    webhookUrl: '',
    secret: options.secret,
    ...(kept?.app ? { kept: kept.app } : {}),
  });
  const id = kept?.installation?.id ?? world.nextId();
  world.installations.put({ id, appId: app.id, accountId: org.id, suspended: false, createdAt: world.now() });
  for (const token of kept?.tokens ?? []) world.tokens.put(token);
  if (options.seed === 'acme') await seedAcme(world, org);
  pointHooks(world, options);
  world.marks.put({ id: world.nextId(), seed: options.seed, at: world.now() });
  world.flush();
}

/** Makes the webhooks go to an address from now on; also after a restart at another port. */
export function pointHooks(world: World, options: Pick<SeedOptions, 'webhookUrl' | 'secret' | 'hook'>): void {
  const { webhookUrl, secret, hook } = options;
  const [app] = world.apps.all();
  const org = accountByLogin(world, 'acme');
  const now = world.now();
  for (const own of app ? world.hooks.in(`integration/${app.id}`) : []) {
    Object.assign(own, { url: webhookUrl, secret, active: hook === 'app' && webhookUrl !== '', updatedAt: now });
    world.hooks.put(own);
  }
  if (!org || hook !== 'organization') return;
  const [before] = world.hooks.in(`organization/${org.id}`);
  world.hooks.put({
    ...(before ?? {
      id: world.nextId(),
      target: 'organization',
      targetId: org.id,
      contentType: 'json',
      events: ['*'],
      createdAt: now,
    }),
    url: webhookUrl,
    secret,
    active: webhookUrl !== '',
    updatedAt: now,
  });
}

function need(world: World, login: string): Account {
  const account = accountByLogin(world, login);
  if (!account) throw new Error(`the seed has no ${login}`);
  return account;
}

/** A token that never ends. Its value tells whose it is: these are play tokens of a GitHub that only this machine reaches. */
function giveToken(world: World, account: Account): string {
  const value = `ghp_sandbox${account.login.toLowerCase().replace(/[^a-z0-9]/g, '')}`;
  world.tokens.put({
    id: world.nextId(),
    value,
    accountId: account.id,
    installationId: null,
    repoIds: null,
    expiresAt: null,
  });
  return value;
}

export function credentialsOf(world: World): Credentials {
  const people = world.tokens
    .all()
    .filter((it) => it.installationId === null)
    .map((it) => [world.accounts.need(it.accountId).login, it.value]);
  const [app] = world.apps.all();
  const installation = world.installations.all().find((it) => it.appId === app?.id);
  if (!app || !installation) throw new Error('the world has no App');
  const { id, slug, clientId, privateKey } = app;
  return {
    people: Object.fromEntries(people),
    app: { id, slug, clientId, privateKey, installationId: installation.id },
  };
}
