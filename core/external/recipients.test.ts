import { expect, test } from 'vitest';
import { recipientsOf, repoOf } from './recipients.ts';
import { configOf } from './testing.ts';

const of = (name: string, events: string[] = []) => ({ name, endpoint: `http://${name}`, events });
const config = configOf({
  o: [of('everything'), of('pushes', ['push'])],
  'o/r': [of('comments', ['issue_comment', 'pull_request'])],
});

test.each([
  { repo: 'o/r', event: 'issue_comment', names: ['everything', 'comments'] },
  { repo: 'o/r', event: 'push', names: ['everything', 'pushes'] },
  { repo: 'o/other', event: 'issue_comment', names: ['everything'] },
  { repo: 'o/r', event: 'workflow_run', names: ['everything'] },
  { repo: 'other/r', event: 'push', names: [] },
  { repo: 'constructor/r', event: 'push', names: [] },
  { repo: '', event: 'organization', names: [] },
])('$event of "$repo" goes to $names', ({ repo, event, names }) => {
  expect(recipientsOf(config, repo, event).map(({ name }) => name)).toEqual(names);
});

test.each([
  [{ repository: { full_name: 'o/r' } }, 'o/r'],
  [{ repository: { full_name: 5 } }, ''],
  [{ organization: { login: 'o' } }, ''],
  [null, ''],
])('the repository of %j is "%s"', (body, repo) => {
  expect(repoOf(body)).toBe(repo);
});
