import { CutwaterError } from '../../core/errors.ts';
import type { FlagValues } from '../../core/flags.ts';
import { createGitHub, type GitHub, type GitHubOptions } from '../../core/github/github.ts';
import type { GitHubAuth } from '../../core/github/octokit.ts';
import type { Logger } from '../../core/log.ts';
import type { Metrics } from '../../core/metrics.ts';
import { fixedSecret, secretFile } from '../../core/secrets/secret.ts';
import { githubHosts } from '../components/github-hosts.ts';
import { checkIdentity } from '../components/github-identity.ts';
import type { AppCredentials } from '../github-app/app.ts';
import type { githubFlags } from './flags.ts';

type GitHubFlags = FlagValues<typeof githubFlags>;

/** Whether the flags, or Probot's environment variables, say as whom GitHub is spoken to. */
export function isNamed(flags: GitHubFlags, env: NodeJS.ProcessEnv): boolean {
  return [flags['github-app-id'], flags['github-token-path'], env.APP_ID, env.GITHUB_TOKEN].some(Boolean);
}

/** GitHub as the flags, or Probot's environment variables, say; as `app` where the set-up made one. */
export function openGitHub(
  flags: GitHubFlags,
  dataDir: string | undefined,
  log: Logger,
  registry: Metrics,
  app?: AppCredentials,
): GitHub {
  const hourlyTokens = flags['github-hourly-tokens'];
  const burst = flags['github-allowed-burst'];
  return createGitHub({
    auth: app ? { appId: String(app.id), privateKey: fixedSecret(app.privateKey) } : authOf(flags, log),
    endpoints: githubHosts(flags, process.env).endpoints,
    graphqlEndpoint: flags['github-graphql-endpoint'],
    dryRun: flags['dry-run'],
    requestTimeoutMs: flags['github-client.request-timeout'],
    retry: retryOf(flags),
    orgBudgets: orgBudgetsOf(flags, app),
    ...(hourlyTokens !== undefined && { budget: { hourlyTokens, burst: burst ?? hourlyTokens } }),
    dataDir,
    log,
    registry,
  });
}

function retryOf(flags: GitHubFlags): GitHubOptions['retry'] {
  const maxRetries = flags['github-client.max-retries'];
  const max404Retries = flags['github-client.max-404-retries'];
  return {
    initialDelayMs: flags['github-client.initial-delay'],
    maxWaitMs: flags['github-client.backoff-timeout'],
    ...(maxRetries !== undefined && { maxRetries }),
    ...(max404Retries !== undefined && { max404Retries }),
  };
}

/** Organizations are told apart by their installations, so a token has no use for their limits; Prow refuses them there, too. */
function orgBudgetsOf(flags: GitHubFlags, app: AppCredentials | undefined): GitHubOptions['orgBudgets'] {
  const limits = flags['github-throttle-org'];
  if (limits.length > 0 && !app && !flags['github-app-id'] && !process.env.APP_ID)
    throw new CutwaterError('usage', '--github-throttle-org is for a GitHub App');
  return limits;
}

function authOf(flags: GitHubFlags, log: Logger): GitHubAuth {
  checkIdentity(flags, process.env);
  const appId = flags['github-app-id'] ?? process.env.APP_ID;
  const keyFile = flags['github-app-private-key-path'] ?? process.env.PRIVATE_KEY_PATH;
  const tokenFile = flags['github-token-path'];
  if (tokenFile) return { token: secretFile(tokenFile, log) };
  if (!appId) return { token: fixedSecret(process.env.GITHUB_TOKEN ?? '') };
  if (keyFile) return { appId, privateKey: secretFile(keyFile, log) };
  if (process.env.PRIVATE_KEY)
    return { appId, privateKey: fixedSecret(process.env.PRIVATE_KEY.replaceAll('\\n', '\n')) };
  throw new CutwaterError('usage', `GitHub App ${appId} needs --github-app-private-key-path`);
}
