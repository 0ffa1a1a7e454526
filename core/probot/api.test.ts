import { expect, test } from 'vitest';
import type { GitHubClient } from '../ports/index.ts';
import { apiPort } from './api.ts';

const OURS = 'https://github.example.com/api/v3';

/** A client of a GitHub Enterprise Server that notes what it is asked. */
function client() {
  const asked: string[] = [];
  const request = Object.assign(
    async ({ url }: { url: string }) => {
      asked.push(url);
      return { status: 200, headers: {}, data: {} };
    },
    { endpoint: { DEFAULTS: { baseUrl: OURS } } },
  );
  return { asked, gh: { request } as unknown as GitHubClient };
}

const at = { org: 'acme', repo: 'widgets' };
const get = (url: string) => ({ method: 'GET', url, headers: {}, body: undefined });

test.each([
  'https://evil.example/collect',
  'http://github.example.com/api/v3/user',
  'https://github.example.com:8443/api/v3/user',
  'https://github.example.com.evil.example/api/v3/user',
  'https://github.example.com@evil.example/api/v3/user',
  'http://169.254.169.254/latest/meta-data',
  '//evil.example/user',
  'file:///etc/passwd',
  '/user',
])('the installation’s token does not go to %s', async (url) => {
  const { asked, gh } = client();
  for (const { run } of [apiPort.calls.read, apiPort.calls.write])
    await expect(run(gh, at, get(url), 0)).rejects.toMatchObject({ code: 'invalid' });
  expect(asked).toEqual([]);
});

test("it goes to GitHub's API", async () => {
  const { asked, gh } = client();
  await apiPort.calls.read.run(gh, at, get(`${OURS}/user`), 0);
  expect(asked).toEqual([`${OURS}/user`]);
});
