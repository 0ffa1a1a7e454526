import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../testing.ts';

let sandbox: TestSandbox;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ sandbox, stop } = await startTestSandbox());
}, 60_000);
afterAll(() => stop());

const SEARCH = `query ($q: String!) {
  rateLimit { cost remaining }
  search(type: ISSUE, first: 37, query: $q) {
    pageInfo { hasNextPage endCursor }
    nodes { ... on PullRequest {
      number author { login } baseRef { name prefix } headRefName headRefOid mergeable reviewDecision isDraft
      repository { nameWithOwner owner { login } }
      commits(last: 4) { nodes { commit { oid status { contexts { context state } } statusCheckRollup { state contexts(last: 100) { nodes { __typename ... on StatusContext { context } ... on CheckRun { name conclusion } } } } } } }
      labels(first: 100) { nodes { name } }
    } }
  }
}`;

test("tide's query finds pull requests with their statuses", async () => {
  const sha = sandbox.pull(42).pull.headSha;
  await sandbox.ask('bob', 'POST', `/repos/acme/widgets/statuses/${sha}`, { state: 'success', context: 'unit' });
  const { data, errors } = await sandbox.query('cutwater', SEARCH, {
    q: 'is:pr state:open repo:"acme/widgets" label:size/M -label:needs-ok-to-test',
  });
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({
    search: {
      nodes: [
        {
          number: 42,
          author: { login: 'bob' },
          baseRef: { name: 'main', prefix: 'refs/heads/' },
          mergeable: 'MERGEABLE',
          commits: {
            nodes: [
              {},
              {
                commit: {
                  oid: sha,
                  status: { contexts: [{ context: 'unit', state: 'SUCCESS' }] },
                  statusCheckRollup: { state: 'SUCCESS' },
                },
              },
            ],
          },
        },
      ],
    },
  });
});

test('mutations change what REST shows', async () => {
  const pull = sandbox.pull(44);
  const subjectId = `PR_${pull.pull.id}`;
  await sandbox.query(
    'alice',
    'mutation ($id: ID!) { convertPullRequestToDraft(input: { pullRequestId: $id }) { pullRequest { isDraft } } }',
    { id: subjectId },
  );
  expect((await sandbox.ask('bob', 'GET', '/repos/acme/widgets/pulls/44')).body.draft).toBe(true);
  await sandbox.query(
    'alice',
    'mutation ($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } } }',
    { id: subjectId },
  );
  expect((await sandbox.ask('bob', 'GET', '/repos/acme/widgets/pulls/44')).body.draft).toBe(false);
  const comment = await sandbox.query(
    'alice',
    'mutation ($id: ID!) { addComment(input: { subjectId: $id, body: "hi" }) { commentEdge { node { id databaseId } } } }',
    { id: subjectId },
  );
  const { id } = (comment.data as { addComment: { commentEdge: { node: { id: string } } } }).addComment.commentEdge
    .node;
  const minimized = await sandbox.query(
    'alice',
    'mutation ($id: ID!) { minimizeComment(input: { subjectId: $id, classifier: OUTDATED }) { minimizedComment { isMinimized minimizedReason } } }',
    { id },
  );
  expect(minimized.data).toEqual({
    minimizeComment: { minimizedComment: { isMinimized: true, minimizedReason: 'outdated' } },
  });
});

test.each([
  ['a missing repository', 'alice', 'query { repository(owner: "acme", name: "gadgets") { id } }', 'NOT_FOUND'],
  ['a stranger who pins', 'stranger', 'mutation { pinIssue(input: { issueId: "I_0" }) { issue { id } } }', 'NOT_FOUND'],
])('%s is an error with a type', async (_, login, query, type) => {
  expect((await sandbox.query(login, query)).errors).toMatchObject([{ type }]);
});

test('an unknown field is refused by the schema', async () => {
  const { errors } = await sandbox.query('alice', 'query { viewer { shoeSize } }');
  expect(errors).toMatchObject([{ message: expect.stringContaining('Cannot query field "shoeSize"') }]);
});
