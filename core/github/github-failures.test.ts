import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import nock from 'nock';
import { describe, expect, it } from 'vitest';
import { whileWanted } from './api-request.ts';
import { API, githubStage, issue } from './testing.ts';

const stage = githubStage();

describe('what goes wrong', () => {
  it('does a read again, and a comment only where it cannot stand already', async () => {
    nock(API).get('/repos/acme/x/issues/5').reply(500).get('/repos/acme/x/issues/5').reply(200, { title: 'hi' });
    nock(API).post('/repos/acme/x/issues/5/comments').reply(502, '<html>');
    const octokit = await stage.open().forOrg('acme');
    expect((await octokit.rest.issues.get(issue)).data.title).toBe('hi');
    const comment = octokit.rest.issues.createComment({ ...issue, body: 'hi' });
    await expect(comment).rejects.toMatchObject({ code: 'transient', status: 502 });
  });

  it('does the same where the connection breaks off', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.method ?? '');
      if (asked.length !== 2) return void request.socket.destroy();
      response.setHeader('content-type', 'application/json').end('{"title":"hi"}');
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const octokit = await stage.open({ endpoints: [`http://127.0.0.1:${port}`] }).forOrg('acme');
    expect((await octokit.rest.issues.get(issue)).data.title).toBe('hi');
    const comment = octokit.rest.issues.createComment({ ...issue, body: 'hi' });
    await expect(comment).rejects.toMatchObject({ code: 'transient', neverSent: false });
    expect(asked).toEqual(['GET', 'GET', 'POST']);
    server.close();
  });

  it('says that GitHub does not answer', async () => {
    const server = createServer(() => {});
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const endpoints = [`http://127.0.0.1:${port}`];
    const asked = stage
      .open({ endpoints, requestTimeoutMs: 20, retry: { maxRetries: 1, initialDelayMs: 1 } })
      .botLogin();
    await expect(asked).rejects.toMatchObject({
      code: 'timeout',
      message: 'GitHub did not answer GET /user within 20 ms',
    });
    server.closeAllConnections();
    server.close();
  });

  it('does a write again that says it may be', async () => {
    nock(API).post('/repos/acme/x/issues/5/labels').reply(502).post('/repos/acme/x/issues/5/labels').reply(200, []);
    const octokit = await stage.open().forOrg('acme');
    await octokit.rest.issues.addLabels({ ...issue, labels: ['a'], request: { repeatable: true } });
  });

  it('sends a comment again that a rate limit kept out', async () => {
    nock(API)
      .post('/repos/acme/x/issues/5/comments')
      .reply(403, { message: 'secondary rate limit' }, { 'retry-after': '0' });
    nock(API).post('/repos/acme/x/issues/5/comments').reply(201, { id: 1 });
    const octokit = await stage.open().forOrg('acme');
    expect((await octokit.rest.issues.createComment({ ...issue, body: 'hi' })).data.id).toBe(1);
  });

  const refusals: [number, object, string, string][] = [
    [404, { message: 'Not Found' }, 'not-found', 'Not Found'],
    [403, { message: 'Resource not accessible by integration' }, 'forbidden', 'Resource not accessible by integration'],
    [401, { message: 'Bad credentials' }, 'forbidden', 'Bad credentials'],
    [409, { message: 'Head branch was modified' }, 'conflict', 'Head branch was modified'],
    [
      422,
      { message: 'Validation Failed', errors: [{ resource: 'Label', field: 'name', code: 'invalid' }, 'too long'] },
      'invalid',
      'Validation Failed: Label name invalid; too long',
    ],
  ];
  it.each(refusals)("a %i is told in GitHub's words", async (status, body, code, words) => {
    nock(API).put('/repos/acme/x/pulls/5/merge').reply(status, body);
    const octokit = await stage.open().forOrg('acme');
    const message = `GitHub answered ${status} to PUT /api/v3/repos/acme/x/pulls/5/merge: ${words}`;
    await expect(octokit.rest.pulls.merge({ owner: 'acme', repo: 'x', pull_number: 5 })).rejects.toMatchObject({
      code,
      status,
      message,
    });
  });

  it('turns to the next endpoint where the first cannot be reached, even with a comment', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    nock(API).post('/repos/acme/x/issues/5/comments').reply(201, { id: 1 });
    const octokit = await stage.open({ endpoints: [`http://127.0.0.1:${port}`, API] }).forOrg('acme');
    expect((await octokit.rest.issues.createComment({ ...issue, body: 'hi' })).data.id).toBe(1);
  });

  it("follows the links of GitHub's own address through its endpoint", async () => {
    const link = '<https://api.github.com/repos/acme/x/issues?page=2>; rel="next"';
    nock(API)
      .get('/repos/acme/x/issues')
      .reply(200, [{ number: 1 }], { link });
    nock(API)
      .get('/repos/acme/x/issues?page=2')
      .reply(200, [{ number: 2 }]);
    const octokit = await stage.open().forOrg('acme');
    expect(await octokit.paginate('GET /repos/acme/x/issues')).toEqual([{ number: 1 }, { number: 2 }]);
  });

  it('pages through lists that come with their length', async () => {
    nock(API)
      .get('/installation/repositories')
      .reply(200, { total_count: 1, repositories: [{ id: 1 }] });
    const octokit = await stage.open().forOrg('acme');
    expect(await octokit.paginate('GET /installation/repositories')).toMatchObject([{ id: 1 }]);
  });

  it('sends nothing of what nobody waits for any more, also where its turn comes later', async () => {
    nock(API)
      .post('/repos/acme/x/issues/5/comments', { body: 'first' })
      .reply(403, { message: 'secondary rate limit' }, { 'retry-after': '1' })
      .post('/repos/acme/x/issues/5/comments', { body: 'first' })
      .reply(201, {});
    const octokit = await stage.open().forOrg('acme');
    const first = octokit.rest.issues.createComment({ ...issue, body: 'first' });
    await expect.poll(() => nock.pendingMocks()).toHaveLength(1);
    const patience = new AbortController();
    const second = whileWanted(patience.signal, () => octokit.rest.issues.createComment({ ...issue, body: 'second' }));
    patience.abort();
    await expect(second).rejects.toThrow('given up');
    await first;
  });

  it('gives up waiting when it is closed', async () => {
    nock(API).get('/user').reply(500);
    const asked = stage.open({ retry: { initialDelayMs: 3_600_000 } }).botLogin();
    await expect.poll(() => nock.pendingMocks()).toEqual([]);
    await expect.poll(() => stage.lines.join('')).toContain('Sending a request to GitHub again');
    stage.github.close();
    await expect(asked).rejects.toThrow();
  });
});
