import { randomBytes } from 'node:crypto';
import { Registry } from 'prom-client';
import { CutwaterError, messageOf } from '../../core/errors.ts';
import { createGitHub } from '../../core/github/github.ts';
import { censor, type Logger } from '../../core/log.ts';
import { fixedSecret } from '../../core/secrets/secret.ts';
import type { AppCredentials } from '../github-app/app.ts';

/** Exchanges the code that GitHub's form came back with for the App's name and keys. GitHub does that once, within an hour. */
export async function convert(code: string, endpoints: readonly string[], log: Logger): Promise<AppCredentials> {
  censor(code);
  const github = createGitHub({ auth: { token: fixedSecret('') }, endpoints, log, registry: new Registry() });
  try {
    const octokit = await github.asApp();
    const { data } = await octokit.request('POST /app-manifests/{code}/conversions', { code });
    for (const text of [data.pem, data.client_secret, data.webhook_secret ?? '']) censor(text);
    const { id, slug = '', name, owner, html_url } = data;
    return {
      id,
      slug,
      name,
      url: html_url,
      owner: owner && 'login' in owner ? owner.login : '',
      clientId: data.client_id,
      clientSecret: data.client_secret,
      privateKey: data.pem,
      webhookSecret: data.webhook_secret ?? (await agreeOnSecret(data, endpoints, log)),
    };
  } catch (error) {
    // Without the cause, whose words hold the code.
    throw new CutwaterError('invalid', messageOf(error).replaceAll(code, '…'));
  } finally {
    github.close();
  }
}

/** An App whose webhook has no secret gets one: without it anybody could speak in GitHub's name. */
async function agreeOnSecret(
  { id, pem }: { id: number; pem: string },
  endpoints: readonly string[],
  log: Logger,
): Promise<string> {
  const secret = randomBytes(32).toString('hex');
  const auth = { appId: String(id), privateKey: fixedSecret(pem) };
  const github = createGitHub({ auth, endpoints, log, registry: new Registry() });
  try {
    const octokit = await github.asApp();
    await octokit.request('PATCH /app/hook/config', { secret });
    return secret;
  } finally {
    github.close();
  }
}
