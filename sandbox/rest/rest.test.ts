import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pushCommit } from '../model/actions/pushes.ts';
import { startTestSandbox, type TestSandbox } from '../testing.ts';

let sandbox: TestSandbox;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ sandbox, stop } = await startTestSandbox());
}, 60_000);
afterAll(() => stop());

const REPO = '/repos/acme/widgets';

describe('who may do what', () => {
  const rows: [string, string | null, string, string, unknown, number][] = [
    ['anyone reads a public repository', null, 'GET', REPO, undefined, 200],
    ['logins and names in any case', 'bob', 'GET', '/repos/ACME/Widgets/issues/42', undefined, 200],
    ['nothing is changed without a login', null, 'POST', `${REPO}/issues/42/comments`, { body: 'x' }, 401],
    ['anyone comments', 'stranger', 'POST', `${REPO}/issues/42/comments`, { body: 'x' }, 201],
    ['a stranger labels nothing', 'stranger', 'POST', `${REPO}/issues/42/labels`, { labels: ['lgtm'] }, 403],
    ['a writer labels', 'bob', 'POST', `${REPO}/issues/42/labels`, ['lgtm'], 200],
    ['a label with a slash in its path comes off', 'bob', 'DELETE', `${REPO}/issues/43/labels/size/XS`, undefined, 200],
    ['a label that is not there', 'bob', 'DELETE', `${REPO}/issues/43/labels/size%2FXXL`, undefined, 404],
    ['a stranger merges nothing', 'stranger', 'PUT', `${REPO}/pulls/42/merge`, {}, 403],
    ['an empty comment', 'bob', 'POST', `${REPO}/issues/42/comments`, { body: ' ' }, 422],
    ['a comment that is too long', 'bob', 'POST', `${REPO}/issues/42/comments`, { body: 'x'.repeat(65_537) }, 422],
    ['a status on no commit', 'bob', 'POST', `${REPO}/statuses/${'0'.repeat(40)}`, { state: 'success' }, 422],
    ['a state that does not exist', 'bob', 'POST', `${REPO}/statuses/${'0'.repeat(40)}`, { state: 'green' }, 422],
    ['a repository that is not there', 'bob', 'GET', '/repos/acme/gadgets', undefined, 404],
    ['an issue is no pull request', 'bob', 'GET', `${REPO}/pulls/41`, undefined, 404],
    ['a member is a member', 'bob', 'GET', '/orgs/acme/members/carol', undefined, 204],
    ['a stranger is none', 'bob', 'GET', '/orgs/acme/members/stranger', undefined, 404],
    ['who stands outside is sent to the public members', 'stranger', 'GET', '/orgs/acme/members/carol', undefined, 302],
    ['a review by the author approves nothing', 'bob', 'POST', `${REPO}/pulls/42/reviews`, { event: 'APPROVE' }, 422],
    [
      'the author is not asked to review',
      'alice',
      'POST',
      `${REPO}/pulls/42/requested_reviewers`,
      { reviewers: ['bob'] },
      422,
    ],
    [
      'a stranger is not asked to review',
      'alice',
      'POST',
      `${REPO}/pulls/42/requested_reviewers`,
      { reviewers: ['stranger'] },
      422,
    ],
    [
      'a member is asked to review',
      'alice',
      'POST',
      `${REPO}/pulls/42/requested_reviewers`,
      { reviewers: ['Carol'] },
      201,
    ],
    ['a path out of the repository', 'bob', 'GET', `${REPO}/contents/a%2F..%2F..%2Fb`, undefined, 400],
    ['a ref that is none', 'bob', 'POST', `${REPO}/git/refs`, { ref: 'main', sha: '0'.repeat(40) }, 422],
  ];
  test.each(rows)('%s', async (_, login, method, path, body, status) => {
    expect((await sandbox.ask(login, method, path, body)).status).toBe(status);
  });

  test('a wrong token', async () => {
    const answer = await sandbox.ask(null, 'GET', '/user', undefined, { Authorization: 'token wrong' });
    expect([answer.status, answer.body.message]).toEqual([401, 'Bad credentials']);
  });
});

describe('pages, conditions, limits', () => {
  test('a list is paged with links', async () => {
    const { headers, body } = await sandbox.ask('bob', 'GET', `${REPO}/labels?per_page=8&page=2`);
    expect(body).toHaveLength(8);
    const rels = [...(headers.get('link') ?? '').matchAll(/[?&]page=(\d+)[^>]*>; rel="(\w+)"/g)].map(
      ([, page, rel]) => `${rel} ${page}`,
    );
    expect(rels.sort()).toEqual(['first 1', 'last 3', 'next 3', 'prev 1']);
  });

  test('what is known is answered 304 and costs nothing', async () => {
    const first = await sandbox.ask('carol', 'GET', `${REPO}/branches`);
    const again = await sandbox.ask('carol', 'GET', `${REPO}/branches`, undefined, {
      'If-None-Match': first.headers.get('etag') ?? '',
    });
    expect(again.status).toBe(304);
    expect(again.headers.get('x-ratelimit-remaining')).toBe(first.headers.get('x-ratelimit-remaining'));
  });

  test('the rate limit is told and kept', async () => {
    const before = (await sandbox.ask('stranger', 'GET', '/rate_limit')).body.rate.remaining;
    await sandbox.ask('stranger', 'GET', REPO);
    expect((await sandbox.ask('stranger', 'GET', '/rate_limit')).body.rate.remaining).toBe(before - 1);
    sandbox.limits.set('core', 1);
    const refused = await sandbox.ask('stranger', 'GET', REPO);
    sandbox.limits.set('core', 5000);
    expect([refused.status, refused.headers.get('x-ratelimit-remaining')]).toEqual([403, '0']);
  });

  test('faults meet as many requests as they were told to', async () => {
    sandbox.faults.add({ method: 'GET', path: /\/milestones/, times: 2, answer: { status: 502 } });
    const answers = [];
    for (let turn = 0; turn < 3; turn += 1)
      answers.push((await sandbox.ask('bob', 'GET', `${REPO}/milestones`)).status);
    expect(answers).toEqual([502, 502, 200]);
  });

  test('a fault after the work leaves the work done', async () => {
    sandbox.faults.add({ method: 'POST', path: /\/comments/, times: 1, answer: { status: 500, after: true } });
    const before = (await sandbox.ask('bob', 'GET', `${REPO}/issues/39/comments`)).body.length;
    expect((await sandbox.ask('bob', 'POST', `${REPO}/issues/39/comments`, { body: 'hello' })).status).toBe(500);
    expect((await sandbox.ask('bob', 'GET', `${REPO}/issues/39/comments`)).body).toHaveLength(before + 1);
  });
});

describe('pull requests', () => {
  test('counts, files and commits come from git', async () => {
    const { body } = await sandbox.ask('bob', 'GET', `${REPO}/pulls/43`);
    expect(body).toMatchObject({
      additions: 1,
      deletions: 1,
      changed_files: 1,
      commits: 1,
      mergeable: true,
      head: { label: 'stranger:typo' },
    });
    const files = (await sandbox.ask('bob', 'GET', `${REPO}/pulls/43/files`)).body;
    expect(files[0]).toMatchObject({ filename: 'README.md', status: 'modified', additions: 1 });
    expect(files[0].patch).toContain('+receive the file once it is asked again.');
  });

  test('a fork is compared', async () => {
    const { body } = await sandbox.ask('bob', 'GET', `${REPO}/compare/main...stranger:typo`);
    expect(body).toMatchObject({ status: 'ahead', ahead_by: 1, behind_by: 0 });
  });

  test('a file is written, a branch made, a pull request opened, a merge refused when the head moved', async () => {
    const main = (await sandbox.ask('alice', 'GET', `${REPO}/git/ref/heads/main`)).body.object.sha;
    await sandbox.ask('alice', 'POST', `${REPO}/git/refs`, { ref: 'refs/heads/notes', sha: main });
    const content = Buffer.from('notes\n').toString('base64');
    const written = await sandbox.ask('alice', 'PUT', `${REPO}/contents/NOTES.md`, {
      message: 'Add notes',
      content,
      branch: 'notes',
    });
    expect(written.status).toBe(201);
    const opened = await sandbox.ask('alice', 'POST', `${REPO}/pulls`, { title: 'Notes', head: 'notes', base: 'main' });
    expect(opened.status).toBe(201);
    const again = await sandbox.ask('alice', 'POST', `${REPO}/pulls`, { title: 'Notes', head: 'notes', base: 'main' });
    expect(again.body.errors[0].message).toBe('A pull request already exists for acme:notes.');
    const path = `${REPO}/pulls/${opened.body.number}/merge`;
    expect((await sandbox.ask('alice', 'PUT', path, { sha: main })).status).toBe(409);
    expect((await sandbox.ask('alice', 'PUT', path, { merge_method: 'squash' })).body.merged).toBe(true);
    expect((await sandbox.ask('alice', 'GET', `${REPO}/contents/NOTES.md`)).body.content).toBe('bm90ZXMK\n');
    expect((await sandbox.ask('alice', 'PUT', path, {})).status).toBe(405);
  });
});

describe('statuses', () => {
  test('the newest of each context counts', async () => {
    const { sha } = (await sandbox.ask('bob', 'GET', `${REPO}/pulls/42`)).body.head;
    for (const [context, state] of [
      ['unit', 'pending'],
      ['unit', 'success'],
      ['lint', 'failure'],
    ] as const) {
      expect(
        (
          await sandbox.ask('bob', 'POST', `${REPO}/statuses/${sha}`, {
            context,
            state,
            description: 'd',
            target_url: 'http://x/',
          })
        ).status,
      ).toBe(201);
    }
    const { body } = await sandbox.ask('bob', 'GET', `${REPO}/commits/${sha}/status`);
    expect(body.state).toBe('failure');
    expect(body.statuses.map((it: { context: string; state: string }) => `${it.context} ${it.state}`).sort()).toEqual([
      'lint failure',
      'unit success',
    ]);
    expect((await sandbox.ask('bob', 'GET', `${REPO}/commits/${sha}/statuses`)).body).toHaveLength(3);
  });
});

test('a pull request with more than 3,000 files shows 3,000 of them', async () => {
  const files = Array.from({ length: 3010 }, (_, index) => ({ path: `many/${index}.txt`, content: `${index}\n` }));
  const { world, repo } = sandbox;
  const main = (await sandbox.ask('bob', 'GET', `${REPO}/git/ref/heads/main`)).body.object.sha;
  await sandbox.ask('bob', 'POST', `${REPO}/git/refs`, { ref: 'refs/heads/many', sha: main });
  await pushCommit(world, { actor: sandbox.person('bob'), repo, branch: 'many', message: 'Many files', files });
  const opened = await sandbox.ask('bob', 'POST', `${REPO}/pulls`, { title: 'Many files', head: 'many', base: 'main' });
  expect(opened.body.changed_files).toBe(3010);
  const path = `${REPO}/pulls/${opened.body.number}/files?per_page=100`;
  const { headers, body } = await sandbox.ask('bob', 'GET', `${path}&page=30`);
  expect(body).toHaveLength(100);
  expect(headers.get('link')).not.toContain('next');
  expect((await sandbox.ask('bob', 'GET', `${path}&page=31`)).body).toEqual([]);
}, 30_000);
