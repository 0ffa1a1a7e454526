import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { queueDelivery } from '../model/happen.ts';
import { accountByLogin, fullName } from '../model/lookup.ts';
import type { Account, App, Installation } from '../model/records.ts';
import { invalid } from '../model/refusal.ts';
import type { World } from '../model/world.ts';
import { presentAccount } from '../present/accounts.ts';
import { presentInstallation } from '../present/apps.ts';

export interface NewApp {
  slug: string;
  name: string;
  owner: Account;
  permissions: Record<string, string>;
  events: readonly string[];
  webhookUrl: string;
  secret: string;
  /** An App whose id and keys go on. */
  kept?: App;
}

/** Registers an App with its own key, bot account and webhook, as GitHub's form and manifest do. */
export function createApp(world: World, wish: NewApp): App {
  const keys = wish.kept ?? newKeys();
  const now = world.now();
  const bot = world.accounts.put({
    id: wish.kept?.botId ?? world.nextId(),
    login: `${wish.slug}[bot]`,
    type: 'Bot',
    name: wish.name,
    email: null,
    siteAdmin: false,
    defaultPermission: 'none',
    createdAt: now,
  });
  const id = wish.kept?.id ?? world.nextId();
  const app = world.apps.put({
    id,
    slug: wish.slug,
    name: wish.name,
    ownerId: wish.owner.id,
    botId: bot.id,
    publicKey: keys.publicKey,
    privateKey: keys.privateKey,
    clientId: `Iv1.${id.toString(16).padStart(16, '0')}`,
    clientSecret: wish.kept?.clientSecret ?? randomBytes(20).toString('hex'),
    permissions: wish.permissions,
    events: [...wish.events],
    createdAt: now,
  });
  world.hooks.put({
    id: world.nextId(),
    target: 'integration',
    targetId: app.id,
    url: wish.webhookUrl,
    secret: wish.secret,
    contentType: 'json',
    events: ['*'],
    active: wish.webhookUrl !== '',
    createdAt: now,
    updatedAt: now,
  });
  return app;
}

function newKeys() {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
}

/** The parts of an App's manifest that matter here. */
export interface AppManifest {
  name: string;
  permissions: Record<string, string>;
  events: readonly string[];
  webhookUrl: string;
  setupUrl?: string;
}

/** Registers an App of an account, and gives the code that its program exchanges for the App's keys. */
export function offerApp(world: World, login: string, manifest: AppManifest): string {
  const owner = accountByLogin(world, login);
  const slug = manifest.name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  if (!owner || world.apps.all().some((it) => it.slug === slug)) throw invalid('App', 'name', 'already_exists');
  const app = createApp(world, { ...manifest, slug, owner, secret: randomBytes(20).toString('hex') });
  const manifestCode = randomBytes(20).toString('hex');
  world.apps.put(Object.assign(app, { manifestCode, setupUrl: manifest.setupUrl ?? '' }));
  return manifestCode;
}

/** The App that a code was made for, or undefined; a code is good once. */
export function claimManifest(world: World, code: string): App | undefined {
  const app = world.apps.all().find((it) => it.manifestCode === code);
  if (!app) return undefined;
  app.manifestCode = null;
  return world.apps.put(app);
}

/** Puts an App into an account, which the App hears of; one that is there stays as it is. */
export function installApp(world: World, app: App, account: Account): Installation {
  const there = world.installations.all().find((it) => it.appId === app.id && it.accountId === account.id);
  if (there) return there;
  const createdAt = world.now();
  const installation = world.installations.put({
    id: world.nextId(),
    appId: app.id,
    accountId: account.id,
    suspended: false,
    createdAt,
  });
  const [hook] = world.hooks.in(`integration/${app.id}`);
  if (!hook?.active) return installation;
  const repositories = world.repos.all().filter((it) => it.ownerId === account.id);
  queueDelivery(world, hook, {
    event: 'installation',
    action: 'created',
    changeId: null,
    installationId: installation.id,
    repositoryId: null,
    guid: randomUUID(),
    redelivery: false,
    body: JSON.stringify({
      action: 'created',
      installation: presentInstallation(world, installation),
      repositories: repositories.map((it) => ({
        id: it.id,
        name: it.name,
        full_name: fullName(world, it),
        private: it.private,
      })),
      requester: null,
      sender: presentAccount(world, account),
    }),
  });
  return installation;
}
