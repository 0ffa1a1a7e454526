import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { accountByLogin } from '../model/lookup.ts';
import type { Account, App } from '../model/records.ts';
import { invalid } from '../model/refusal.ts';
import type { World } from '../model/world.ts';

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
}

/** Registers an App of acme, installs it there, and makes the code that its program exchanges for the App's keys. */
export function offerApp(world: World, manifest: AppManifest): string {
  const owner = accountByLogin(world, 'acme');
  const slug = manifest.name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  if (!owner || world.apps.all().some((it) => it.slug === slug)) throw invalid('App', 'name', 'already_exists');
  const app = createApp(world, { ...manifest, slug, owner, secret: randomBytes(20).toString('hex') });
  world.installations.put({
    id: world.nextId(),
    appId: app.id,
    accountId: owner.id,
    suspended: false,
    createdAt: world.now(),
  });
  return Buffer.from(`${app.id}:${app.clientSecret}`).toString('base64url');
}

/** The App that a code was made for, or undefined. */
export function claimManifest(world: World, code: string): App | undefined {
  const [id, secret] = Buffer.from(code, 'base64url').toString().split(':');
  const app = world.apps.get(Number(id));
  return app && app.clientSecret === secret ? app : undefined;
}
