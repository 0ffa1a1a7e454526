import { readFile } from 'node:fs/promises';
import { CutwaterError, messageOf } from '../../../core/errors.ts';
import { censor } from '../../../core/log.ts';
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

/** Hands out the credential for an organisation, or undefined where none is configured. Errors: `config`, `transient`. */
export type CredentialSource = (org: string) => Promise<GitCredential | undefined>;

/** The credential source that the options ask for: an OAuth token, a GitHub App, or none. */
export function credentialSource(options: ClonerefsOptions): CredentialSource {
  const { oauth_token_file: tokenFile, github_app_id: appId, github_app_private_key_file: keyFile } = options;
  if (tokenFile) return () => oauthCredential(tokenFile);
  if (appId && keyFile) return (org) => appCredential(appId, keyFile, options.github_api_endpoints ?? [], org);
  return async () => undefined;
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
