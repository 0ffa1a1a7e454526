import { Probot, ProbotOctokit } from 'probot';
import type { Logger } from '../log.ts';
import type { Secret } from '../secrets/secret.ts';
import { onAccount } from './api-request.ts';
import { toGitHubError } from './errors.ts';

/** Octokit with REST methods, pagination and GraphQL, as Probot brings it. */
export type Octokit = ProbotOctokit;

/** How Cutwater says to GitHub who it is. A token that is empty makes anonymous requests, as in Prow. */
export type GitHubAuth = { token: Secret } | { appId: string; privateKey: Secret };

/** A request may say `request: { repeatable: true }` where sending a POST twice does no harm. */
interface RequestOptions {
  request?: { repeatable?: boolean };
}

/** Puts each request of an Octokit on its installation's account. */
function accounting(
  octokit: { hook: Octokit['hook'] },
  options: { auth?: { installationId?: number; token?: string } },
): void {
  const { installationId, token } = options.auth ?? {};
  const account =
    installationId !== undefined ? `installation/${installationId}` : token === undefined ? 'app' : 'token';
  octokit.hook.wrap('request', (request, parameters) => {
    const { repeatable } = (parameters as RequestOptions).request ?? {};
    return onAccount(account, repeatable, () => request(parameters));
  });
}

/** Probot's own throttling takes seconds a write, and its retry repeats what must not be; only the function form switches them off. */
const PlainOctokit = ProbotOctokit.plugin(accounting).defaults((options: object) => ({
  ...options,
  throttle: { enabled: false },
  retry: { enabled: false },
}));

/** Where a token is in use, the fetch layer writes it into each request, so that a new one counts at once; Probot only needs to see some. */
const PLACEHOLDER = 'set-when-sent';

/** A Probot whose every request goes through `fetch`. Its log leaves out the payloads that it writes at debug level. */
export function createProbot(auth: GitHubAuth, baseUrl: string, fetch: typeof globalThis.fetch, log: Logger): Probot {
  const identity =
    'token' in auth ? { githubToken: PLACEHOLDER } : { appId: auth.appId, privateKey: auth.privateKey.current() };
  const quiet = log.isLevelEnabled('debug') ? log.child({}, { level: 'info' }) : log;
  return new Probot({ ...identity, baseUrl, Octokit: PlainOctokit, request: { fetch }, log: quiet });
}

/** An Octokit of our own for the account, whose errors are CutwaterErrors; those that Probot makes for Probot apps keep Octokit's. */
export async function accountOctokit(probot: Probot, installationId?: number): Promise<Octokit> {
  const shared = await probot.auth(installationId);
  const octokit = installationId === undefined ? new (shared.constructor as new () => Octokit)() : shared;
  octokit.hook.error('request', (error) => {
    throw toGitHubError(error);
  });
  return octokit;
}
