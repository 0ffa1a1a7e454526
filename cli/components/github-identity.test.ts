import { expect, it } from 'vitest';
import { checkIdentity, type IdentityFlags } from './github-identity.ts';

const id = { 'github-app-id': '1' };
const key = { 'github-app-private-key-path': '/key' };
const token = { 'github-token-path': '/token' };
const together = '--github-app-id and --github-app-private-key-path must be set together';
const exclusive = '--github-token-path is mutually exclusive with --github-app-id and --github-app-private-key-path';

it.each<[string, IdentityFlags, NodeJS.ProcessEnv, string | undefined]>([
  ['nobody', {}, {}, undefined],
  ['a bot account', token, {}, undefined],
  ['an App', { ...id, ...key }, {}, undefined],
  ['an App without its key', id, {}, together],
  ['a key without its App', key, {}, together],
  ['an App, its key in the environment', id, { PRIVATE_KEY: 'pem' }, undefined],
  ['a key, its App in the environment', key, { APP_ID: '1' }, undefined],
  ['an App and an account', { ...id, ...key, ...token }, {}, exclusive],
  ['an account with the key of an App', { ...key, ...token }, {}, exclusive],
])('says whether the flags name one identity: %s', (_, flags, env, refusal) => {
  const check = () => checkIdentity(flags, env);
  if (refusal === undefined) expect(check).not.toThrow();
  else expect(check).toThrow(expect.objectContaining({ code: 'usage', message: refusal }));
});
