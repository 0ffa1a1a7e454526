import { expect, test } from 'vitest';
import type { GitHubClient } from './port.ts';
import { repo } from './repo.ts';

const BRANCH = 'GET /repos/{owner}/{repo}/branches/{branch}';
const PROTECTION = `${BRANCH}/protection`;
const checks = (...contexts: string[]) => ({ required_status_checks: { contexts } });

interface Row {
  name: string;
  branch: object;
  /** What the protection itself answers: its body, or the status of the refusal. */
  protection?: object | number;
  expected: string[] | 'an error';
}

test.each<Row>([
  { name: 'not protected', branch: { protected: false }, expected: [] },
  { name: 'shown with the branch', branch: { protected: true, protection: checks('unit') }, expected: ['unit'] },
  {
    name: 'shown by the protection alone',
    branch: { protected: true },
    protection: checks('a', 'b'),
    expected: ['a', 'b'],
  },
  { name: 'protected otherwise', branch: { protected: true, protection: {} }, protection: {}, expected: [] },
  { name: 'a ruleset only', branch: { protected: true }, protection: 404, expected: [] },
  { name: 'not for us to see', branch: { protected: true }, protection: 403, expected: [] },
  { name: 'GitHub is down', branch: { protected: true }, protection: 502, expected: 'an error' },
])('$name: $expected', async ({ branch, protection, expected }) => {
  const answers = new Map<string, object | number | undefined>([
    [BRANCH, branch],
    [PROTECTION, protection],
  ]);
  async function request(route: string) {
    const data = answers.get(route);
    if (typeof data === 'number') throw Object.assign(new Error(route), { status: data });
    return { data };
  }
  const gh = { request } as unknown as GitHubClient;
  const asked = repo.calls.requiredContexts.run(gh, { org: 'acme', repo: 'widgets' }, 'main');
  if (expected === 'an error') await expect(asked).rejects.toThrow(PROTECTION);
  else expect(await asked).toEqual(expected);
});
