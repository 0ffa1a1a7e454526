import type { ApiRequest } from './api-request.ts';

/** GitHub counts these apart: `x-ratelimit-resource`, as far as we ask for them. */
export type Resource = 'core' | 'search' | 'code_search' | 'graphql';

/** The hourly (search: minutely) limit that a request comes from. */
export function resourceOf({ url }: Pick<ApiRequest, 'url'>): Resource {
  const { pathname } = new URL(url);
  if (pathname.endsWith('/graphql')) return 'graphql';
  if (/\/search\/code$/.test(pathname)) return 'code_search';
  return /^(\/api\/v3)?\/search\//.test(pathname) ? 'search' : 'core';
}

/** Points of the minute: a read is 1, what changes something 5 (GitHub: "Calculating points for the secondary rate limit"). */
export function pointsOf({ writes }: Pick<ApiRequest, 'writes'>): number {
  return writes ? 5 : 1;
}

/** What notifies people, and therefore has limits of its own. Statuses and labels do not. */
const CONTENT =
  /\/(issues(\/\d+\/(comments|sub_issues))?|pulls(\/\d+\/(comments(\/\d+\/replies)?|reviews|requested_reviewers))?|commits\/[^/]+\/comments|releases)$/;
const CONTENT_MUTATION = /\b(add(Comment|PullRequestReview\w*)|create(Issue|PullRequest|Discussion)\w*)\b/;

/** Whether a request makes something that people are notified of: a comment, an issue, a pull request, a review. */
export function makesContent({ method, url, body, writes }: ApiRequest): boolean {
  if (!writes || method !== 'POST') return false;
  const { pathname } = new URL(url);
  return pathname.endsWith('/graphql') ? CONTENT_MUTATION.test(body ?? '') : CONTENT.test(pathname);
}
