import { PUBLIC_API } from '../../core/github/endpoints.ts';

interface HostFlags {
  'github-endpoint': readonly string[];
  'github-host': string | undefined;
}

/** Where a GitHub is, for its API and for people. */
export interface GitHubHosts {
  /** REST addresses in order of preference; none means github.com's. */
  endpoints: readonly string[];
  /** Where its pages are, such as `https://github.com`. */
  web: string;
}

/**
 * Which GitHub the flags, or Probot's GHE_HOST and GHE_PROTOCOL, mean. GitHub Enterprise Server has its API below its own name, GitHub Enterprise Cloud
 * with data residency at `api.NAME.ghe.com`.
 */
export function githubHosts(flags: HostFlags, env: NodeJS.ProcessEnv): GitHubHosts {
  const { GHE_HOST, GHE_PROTOCOL = 'https' } = env;
  const own = GHE_HOST ? `${GHE_PROTOCOL}://${GHE_HOST}` : undefined;
  const named = flags['github-endpoint'];
  const endpoints = named.length > 0 || !GHE_HOST ? named : [apiOf(GHE_HOST, GHE_PROTOCOL)];
  const host = flags['github-host'];
  const web = host ? `${GHE_PROTOCOL}://${host}` : (own ?? webOf(endpoints) ?? 'https://github.com');
  return { endpoints, web };
}

function apiOf(host: string, protocol: string): string {
  return host.endsWith('.ghe.com') ? `${protocol}://api.${host}` : `${protocol}://${host}/api/v3`;
}

/** The pages that belong to an API address; a proxy's address says nothing about them. */
function webOf(endpoints: readonly string[]): string | undefined {
  for (const endpoint of endpoints) {
    const url = URL.parse(endpoint || PUBLIC_API);
    if (url && /^\/api\/v3\/?$/.test(url.pathname)) return url.origin;
    if (url && /^api\.[\w-]+\.ghe\.com$/.test(url.hostname)) return `${url.protocol}//${url.hostname.slice(4)}`;
  }
  return undefined;
}
