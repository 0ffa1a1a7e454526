import { readFile } from 'node:fs/promises';
import { CutwaterError, messageOf } from '../../../core/errors.ts';
import { censor, type Logger } from '../../../core/log.ts';
import type { Env } from '../runtime.ts';
import { runOnce } from './command.ts';
import { withGitConfig } from './git-env.ts';
import type { ClonerefsOptions } from './options.ts';

/** What git presents to the server over HTTP. */
export interface GitCredential {
  user: string;
  password: string;
  token: string;
}

/** Hands out the credential of an organisation for an address, or undefined where none is configured or the address is not GitHub's. Errors: `config`, `transient`. */
export type CredentialSource = (org: string, uri: string) => Promise<GitCredential | undefined>;

/** Scheme and server of an address that every program reads alike: no user, no backslash that one takes for a slash. */
const ORIGIN = /^(https?:\/\/[a-z0-9.-]+(?::\d+)?)(?:\/|$)/i;

/**
 * Whether `uri` lies on GitHub's own server: github.com, that of an API endpoint, or where the first refs, which the event or the operator names, have
 * their page. A pull request's own configuration may say any clone_uri, and another server must not be shown the token.
 */
export function isGitHubs(uri: string, { github_api_endpoints: endpoints = [], refs }: ClonerefsOptions): boolean {
  const pages = endpoints.map((endpoint) => endpoint.replace('://api.', '://'));
  const own = ['https://github.com', ...pages, refs[0]?.repo_link ?? ''].map(originOf);
  const origin = originOf(uri);
  return origin !== undefined && own.includes(origin);
}

function originOf(uri: string): string | undefined {
  return ORIGIN.exec(uri)?.[1]?.toLowerCase();
}

/** The credential source that the options ask for: an OAuth token, a GitHub App, or none. */
export function credentialSource(options: ClonerefsOptions, log: Logger): CredentialSource {
  const own = credentialOf(options);
  if (!own) return async () => undefined;
  return async (org, uri) => {
    if (isGitHubs(uri, options) && isFor(org, uri, options)) return own(org);
    if (/^https?:/i.test(uri))
      log.warn({ uri, org }, "cloning without the token: the address is not GitHub's, or the token not for its owner");
    return undefined;
  };
}

/**
 * Whether the token is for the organization, and for that of the address, which need not be the same: a pull request's own configuration may name
 * any, and the bot be installed on many.
 */
export function isFor(
  org: string,
  uri: string,
  { token_orgs: allowed }: Pick<ClonerefsOptions, 'token_orgs'>,
): boolean {
  if (!allowed) return true;
  if (!URL.canParse(uri)) return false;
  // As git's HTTP library sends it, without dots.
  const [, owner = ''] = new URL(uri).pathname.split('/');
  const names = new Set(allowed.map((name) => name.toLowerCase()));
  return names.has(org.toLowerCase()) && names.has(owner.toLowerCase());
}

function credentialOf(options: ClonerefsOptions): ((org: string) => Promise<GitCredential>) | undefined {
  const { oauth_token_file: tokenFile, github_app_id: appId, github_app_private_key_file: keyFile } = options;
  if (tokenFile) return () => oauthCredential(tokenFile);
  if (appId && keyFile) return (org) => appCredential(appId, keyFile, options.github_api_endpoints ?? [], org);
  return undefined;
}

/**
 * `env` in which git presents `credential` to the server of `uri`. The credential goes in a header from the environment and not,
 * as in Prow, in the URL: git writes a URL into .git/config for partial clones, where the job could read it.
 */
export async function withCredential(env: Env, uri: string, credential: GitCredential | undefined): Promise<Env> {
  if (!credential || !/^https?:\/\//.test(uri)) return env;
  const actual = await runOnce({ cwd: '/', command: 'git', args: ['ls-remote', '--get-url', uri] }, env);
  const target = actual.error === undefined ? actual.output.trim() : uri;
  if (!/^https?:\/\//.test(target)) return env;
  const basic = Buffer.from(`${credential.user}:${credential.password}`).toString('base64');
  censor(basic);
  return withGitConfig(env, [[`http.${target}.extraHeader`, `Authorization: Basic ${basic}`]]);
}

async function oauthCredential(file: string): Promise<GitCredential> {
  const token = await secretFile(file);
  // GitHub wants a personal access token as the user's name.
  return { user: token, password: 'x-oauth-basic', token };
}

async function appCredential(appId: string, keyFile: string, endpoints: string[], org: string): Promise<GitCredential> {
  const privateKey = await secretFile(keyFile);
  const failures: string[] = [];
  for (const baseUrl of endpoints) {
    try {
      const token = await installationToken(appId, privateKey, baseUrl, org);
      censor(token);
      return { user: 'x-access-token', password: token, token };
    } catch (error) {
      failures.push(`${baseUrl}: ${messageOf(error)}`);
    }
  }
  throw new CutwaterError('transient', `no GitHub App token for ${org}: ${failures.join('; ')}`);
}

async function installationToken(appId: string, privateKey: string, baseUrl: string, org: string): Promise<string> {
  // Loaded here, because most clones never need it and every job waits for clonerefs to start.
  const [{ createAppAuth }, { request }] = await Promise.all([import('@octokit/auth-app'), import('@octokit/request')]);
  const api = request.defaults({ baseUrl: baseUrl.replace(/\/+$/, '') });
  const auth = createAppAuth({ appId, privateKey, request: api });
  const { token: jwt } = await auth({ type: 'app' });
  const headers = { authorization: `Bearer ${jwt}` };
  const installation = await api('GET /orgs/{org}/installation', { org, headers }).catch(() =>
    api('GET /users/{username}/installation', { username: org, headers }),
  );
  return (await auth({ type: 'installation', installationId: installation.data.id })).token;
}

async function secretFile(file: string): Promise<string> {
  const secret = (
    await readFile(file, 'utf8').catch((error) => {
      throw new CutwaterError('config', `could not read secret file ${file}: ${messageOf(error)}`);
    })
  ).trim();
  censor(secret);
  return secret;
}
