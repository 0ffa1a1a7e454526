import { verify } from 'node:crypto';
import type { App } from '../model/records.ts';
import { Refusal } from '../model/refusal.ts';
import type { World } from '../model/world.ts';
import type { Caller } from './call.ts';

/** Finds out who asks, from the `Authorization` header: a token in any of GitHub's forms, or an App's JWT. */
export function authenticate(world: World, header: string | undefined): Caller {
  if (!header) return { kind: 'anonymous', key: 'anonymous' };
  const secret = secretIn(header);
  if (secret.split('.').length === 3 && !world.tokens.by(secret)) return byJwt(world, secret);
  return byToken(world, secret);
}

/** Git and some tools send the token as the password, or as the user's name, of Basic authentication. */
function secretIn(header: string): string {
  const [scheme = '', value = ''] = header.trim().split(/\s+/, 2);
  if (scheme.toLowerCase() !== 'basic') return value;
  const [user = '', ...rest] = Buffer.from(value, 'base64').toString().split(':');
  const password = rest.join(':');
  return password === '' || password === 'x-oauth-basic' ? user : password;
}

function byToken(world: World, secret: string): Caller {
  const token = world.tokens.by(secret);
  if (!token || (token.expiresAt && Date.parse(token.expiresAt) <= Date.now()))
    throw new Refusal(401, 'Bad credentials');
  const account = world.accounts.need(token.accountId);
  if (token.installationId === null) return { kind: 'user', key: `user/${account.id}`, account };
  const installation = world.installations.get(token.installationId);
  if (!installation || installation.suspended) throw new Refusal(401, 'Bad credentials');
  const app = world.apps.need(installation.appId);
  return {
    kind: 'installation',
    key: `installation/${installation.id}`,
    account,
    app,
    installation,
    repoIds: token.repoIds,
  };
}

interface Claims {
  iss?: unknown;
  iat?: unknown;
  exp?: unknown;
}

function byJwt(world: World, jwt: string): Caller {
  const [head = '', claims = '', signature = ''] = jwt.split('.');
  const { iss, iat, exp } = decode(claims);
  const app = world.apps.all().find((it) => String(it.id) === String(iss) || it.clientId === iss);
  if (!app) throw new Refusal(401, "'Issuer' claim ('iss') must be an Integer");
  if (!isSigned(app, `${head}.${claims}`, signature)) throw new Refusal(401, 'A JSON web token could not be decoded');
  const now = Date.now() / 1000;
  if (typeof exp !== 'number' || exp < now) {
    throw new Refusal(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (exp > now + 660) throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
  if (typeof iat === 'number' && iat > now + 60)
    throw new Refusal(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  return { kind: 'app', key: `app/${app.id}`, app };
}

function decode(part: string): Claims {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    throw new Refusal(401, 'A JSON web token could not be decoded');
  }
}

function isSigned(app: App, text: string, signature: string): boolean {
  return verify('RSA-SHA256', Buffer.from(text), app.publicKey, Buffer.from(signature, 'base64url'));
}
