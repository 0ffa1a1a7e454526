import { askForApp } from '../app-page.ts';
import { failure, ok, warning } from '../finding.ts';
import type { Check } from '../patient.ts';

/** The classic scopes that a bot account needs, as Prow's documentation has them. */
const SCOPES = ['repo', 'admin:org_hook', 'read:org'];
/** What holds another one. */
const HOLDS: Record<string, readonly string[]> = { 'read:org': ['admin:org', 'write:org'] };

/** Who we are on GitHub. */
export const identity: Check = {
  name: 'identity',
  fix: 'check --github-app-id and its private key, or --github-token-path, and that the key was not deleted on GitHub',
  async look({ github, hosts, identified }) {
    if (!identified)
      return [
        failure(
          'identity',
          'neither a GitHub App nor a token is named, and none is kept in the data folder',
          '"npm start -- --github" makes an App; or give --github-app-id and its key, or --github-token-path',
        ),
      ];
    if (github.installations) {
      const { name, slug } = await askForApp({ github, hosts });
      return [ok('identity', `GitHub App ${name} (${slug}) on ${hosts.web}`)];
    }
    const { data, headers } = await (await github.asApp()).request('GET /user');
    const account = ok('identity', `bot account ${data.login} on ${hosts.web}`);
    const scopes = headers['x-oauth-scopes'];
    // Fine-grained tokens have none.
    if (typeof scopes !== 'string' || scopes === '') return [account];
    const given = new Set(scopes.split(',').map((scope) => scope.trim()));
    const missing = SCOPES.filter((scope) => ![scope, ...(HOLDS[scope] ?? [])].some((one) => given.has(one)));
    if (missing.length === 0) return [account];
    const text = `the token of ${data.login} lacks ${missing.join(', ')}`;
    const level = missing.includes('repo') ? failure : warning;
    return [account, level('identity', text, `add the scopes at ${hosts.web}/settings/tokens`)];
  },
};
