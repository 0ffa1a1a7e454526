import { beforeAll, expect, test } from 'vitest';
import { createRequestCheck, loadValidator, type RequestValidator } from './validate.ts';

let validator: RequestValidator;
beforeAll(async () => {
  validator = await loadValidator();
}, 60_000);

const REPO = '/repos/acme/widgets';

test.each<[string, string, string, string, string, RegExp | null]>([
  ['a status', 'POST', `${REPO}/statuses/abc`, '', '{"state":"success","context":"unit"}', null],
  [
    'a status of no known state',
    'POST',
    `${REPO}/statuses/abc`,
    '',
    '{"state":"green"}',
    /body\/state must be equal to one of/,
  ],
  ['a status without a state', 'POST', `${REPO}/statuses/abc`, '', '{}', /must have required property 'state'/],
  ['labels as a bare list', 'POST', `${REPO}/issues/1/labels`, '', '["a"]', null],
  ['a path with slashes', 'GET', `${REPO}/contents/a/b/c.txt`, 'ref=main', '', null],
  ['a state in the query', 'GET', `${REPO}/pulls`, 'state=opened', '', /query state=opened must be equal to one of/],
  ['a number in the query', 'GET', `${REPO}/pulls`, 'per_page=100&page=2', '', null],
  ['a search without a query', 'GET', '/search/issues', '', '', /query q is missing/],
  ['an address that GitHub does not have', 'GET', `${REPO}/shoes`, '', '', /no such endpoint/],
  ['text that is no JSON', 'POST', `${REPO}/issues`, '', '{', /not JSON/],
  ['a null where it is allowed', 'PATCH', `${REPO}/issues/1`, '', '{"milestone":null}', null],
])('%s', (_, method, path, query, body, problem) => {
  const found = validator.check(method, path, new URLSearchParams(query), body);
  if (problem) expect(found.join('\n')).toMatch(problem);
  else expect(found).toEqual([]);
});

test('problems are collected once, known ones not at all', async () => {
  const check = await createRequestCheck([/projects/]);
  for (const path of ['/shoes', '/shoes', '/projects/1/shoes', '/api/graphql'])
    check.onRequest('GET', path, new URLSearchParams(), '');
  expect(check.problems).toEqual(['GET /shoes: GitHub has no such endpoint']);
}, 60_000);
