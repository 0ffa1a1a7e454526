import { describe, expect, it } from 'vitest';
import { factsOf, missedId, twinOf } from './facts.ts';

const repository = { full_name: 'Acme/X' };
const pull = {
  number: 5,
  title: 'A change',
  body: 'why',
  state: 'open',
  labels: [{ name: 'b' }, { name: 'a' }],
  draft: false,
  head: { sha: 'abc' },
  base: { ref: 'main' },
  updated_at: '1970-01-01T00:00:01Z',
};
const comment = { id: 7, created_at: '1970-01-01T00:00:02Z' };

describe('what a delivery tells', () => {
  it('of a pull request: what it shows, and what of that it is about', () => {
    const facts = factsOf('pull_request', { action: 'synchronize', repository, pull_request: pull });
    expect(Object.fromEntries(facts.map(({ field, value, told }) => [field, told ? value : `(${value})`]))).toEqual({
      title: '(A change)',
      body: expect.stringMatching(/^\([0-9a-f]{12}\)$/),
      state: '(open)',
      labels: '(["a","b"])',
      head: 'abc',
      base: '(main)',
      draft: '(false)',
    });
    expect(facts[0]).toMatchObject({ key: 'acme/x#5', at: 1000 });
  });

  const rows: [string, object, string[]][] = [
    [
      'pull_request',
      { action: 'opened', pull_request: pull },
      ['title', 'body', 'state', 'labels', 'head', 'base', 'draft'],
    ],
    ['pull_request', { action: 'labeled', pull_request: pull }, ['labels']],
    ['pull_request', { action: 'constructor', pull_request: pull }, []],
    ['issues', { action: 'edited', issue: { number: 1 } }, ['title', 'body']],
    ['issues', { action: 'closed', issue: { number: 1 } }, ['state']],
    ['issue_comment', { action: 'created', issue: { number: 5 }, comment }, ['issue_comment/7']],
    ['issue_comment', { action: 'edited', issue: { number: 5 }, comment }, []],
    ['pull_request_review', { action: 'submitted', pull_request: pull, review: { id: 8 } }, ['pull_request_review/8']],
    [
      'pull_request_review_comment',
      { action: 'created', pull_request: pull, comment },
      ['pull_request_review_comment/7'],
    ],
    ['push', { ref: 'refs/heads/main', after: 'abc' }, ['refs/heads/main']],
    ['ping', {}, []],
    ['pull_request', { action: 'opened' }, []],
  ];
  it.each(rows)('%s %j', (event, body, told) => {
    const facts = factsOf(event, { ...body, repository });
    expect(facts.filter((fact) => fact.told).map(({ field }) => field)).toEqual(told);
  });

  it.each([
    ['issues', { action: 'assigned', issue: { number: 1, title: 7, body: {}, labels: 'x', updated_at: [] } }],
    ['issues', { action: 7, issue: { number: 1, labels: [null, 7, { name: {} }] } }],
    ['pull_request', { action: 'opened', pull_request: { number: 1, head: { sha: {} }, base: 7, draft: 'x' } }],
    ['pull_request', { action: 'synchronize', pull_request: 'x', after: {} }],
    ['issue_comment', { action: 'created', issue: { number: 1 }, comment: { id: {}, created_at: 7 } }],
    ['pull_request_review', { action: 'submitted', pull_request: { number: 1 }, review: null }],
    ['push', { ref: {}, after: 7 }],
  ])('text alone of %s %j', (event, body) => {
    expect(() => twinOf(event, { ...body, repository })).not.toThrow();
    for (const { field, value, at } of factsOf(event, { ...body, repository }))
      expect([typeof field, typeof value, typeof at]).toEqual(['string', 'string', 'number']);
  });

  it.each([[null], [7], [{ repository: null }], [{ repository: { full_name: 7 } }]])('nothing of %j', (body) => {
    expect([factsOf('pull_request', body), twinOf('pull_request', body)]).toEqual([[], undefined]);
  });
});

describe('the id that a sweep gives the same event', () => {
  const rows: [string, object, string | undefined][] = [
    ['issue_comment', { action: 'created', issue: { number: 5 }, comment }, 'issue_comment/7'],
    ['issue_comment', { action: 'deleted', issue: { number: 5 }, comment }, undefined],
    ['pull_request', { action: 'opened', pull_request: pull }, 'acme/x#5 opened'],
    ['pull_request', { action: 'synchronize', pull_request: pull, before: 'a', after: 'b' }, 'acme/x#5 a..b'],
    ['pull_request', { action: 'labeled', pull_request: pull }, undefined],
    ['push', { ref: 'refs/heads/main', before: 'a', after: 'b' }, 'acme/x@refs/heads/main a..b'],
  ];
  it.each(rows)('%s %j', (event, body, what) => {
    expect(twinOf(event, { ...body, repository })).toBe(what && missedId(what));
  });

  it('is a UUID', () => {
    expect(missedId('x')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
