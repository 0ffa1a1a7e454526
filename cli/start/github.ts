import { CutwaterError } from '../../core/errors.ts';
import type { FlagValues } from '../../core/flags.ts';
import { createGitHub, type GitHub } from '../../core/github/github.ts';
import type { GitHubAuth } from '../../core/github/octokit.ts';
import type { Logger } from '../../core/log.ts';
import type { Metrics } from '../../core/metrics.ts';
import { fixedSecret, secretFile } from '../../core/secrets/secret.ts';
import type { githubFlags } from './flags.ts';

type GitHubFlags = FlagValues<typeof githubFlags>;

/** GitHub as the flags, or Probot's environment variables, say. */
export function openGitHub(flags: GitHubFlags, dataDir: string | undefined, log: Logger, registry: Metrics): GitHub {
  const hourlyTokens = flags['github-hourly-tokens'];
  const burst = flags['github-allowed-burst'];
  return createGitHub({
    auth: authOf(flags, log),
    endpoints: endpointsOf(flags),
    graphqlEndpoint: flags['github-graphql-endpoint'],
    dryRun: flags['dry-run'],
    ...(hourlyTokens !== undefined && { budget: { hourlyTokens, burst: burst ?? hourlyTokens } }),
    dataDir,
    log,
    registry,
  });
}

function endpointsOf(flags: GitHubFlags): readonly string[] {
  const { GHE_HOST, GHE_PROTOCOL = 'https' } = process.env;
  if (flags['github-endpoint'].length > 0 || !GHE_HOST) return flags['github-endpoint'];
  return [`${GHE_PROTOCOL}://${GHE_HOST}/api/v3`];
}

function authOf(flags: GitHubFlags, log: Logger): GitHubAuth {
  const appId = flags['github-app-id'] ?? process.env.APP_ID;
  const keyFile = flags['github-app-private-key-path'] ?? process.env.PRIVATE_KEY_PATH;
  const tokenFile = flags['github-token-path'];
  if (tokenFile && flags['github-app-id'])
    throw new CutwaterError('usage', '--github-token-path and --github-app-id exclude each other');
  if (tokenFile) return { token: secretFile(tokenFile, log) };
  if (!appId) return { token: fixedSecret(process.env.GITHUB_TOKEN ?? '') };
  if (keyFile) return { appId, privateKey: secretFile(keyFile, log) };
  if (process.env.PRIVATE_KEY)
    return { appId, privateKey: fixedSecret(process.env.PRIVATE_KEY.replaceAll('\\n', '\n')) };
  throw new CutwaterError('usage', `GitHub App ${appId} needs --github-app-private-key-path`);
}
