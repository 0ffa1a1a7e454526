import { describe, expect, it } from 'vitest';
import { simplifyPath } from './path.ts';

describe('the path in the metrics', () => {
  const rows: [string, string][] = [
    ['/repos/acme/x/pulls/5', '/repos/owner/repo/pulls/pullId'],
    ['/repos/acme/x/issues/5/labels/do-not-merge%2Fhold', '/repos/owner/repo/issues/issueId/labels/labelId'],
    ['/repos/acme/x/issues/comments/7', '/repos/owner/repo/issues/comments/commentId'],
    ['/repos/acme/x/contents/a/b/OWNERS', '/repos/owner/repo/contents/contentId'],
    ['/repos/acme/x', '/repos/owner/repo'],
    ['/api/v3/user', '/user'],
    ['/api/graphql', '/graphql'],
    ['/app/installations/7/access_tokens', '/app/installations/id/access_tokens'],
    ['/orgs/acme/memberships/bob', '/orgs/orgname/memberships/login'],
    ['/a/b/c', '/unmatched'],
  ];
  it.each(rows)('%s', (path, simple) => {
    expect(simplifyPath(path)).toBe(simple);
  });
});
