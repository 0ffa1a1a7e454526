import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Account, App } from '../model/records.ts';
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

/** Makes the one-time code that the manifest flow hands to the new App's program. */
export function offerManifest(app: App): string {
  return Buffer.from(`${app.id}:${app.clientSecret}`).toString('base64url');
}

/** The App that a code was made for, or undefined. */
export function claimManifest(world: World, code: string): App | undefined {
  const [id, secret] = Buffer.from(code, 'base64url').toString().split(':');
  const app = world.apps.get(Number(id));
  return app && app.clientSecret === secret ? app : undefined;
}
