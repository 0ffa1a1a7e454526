import { describe, expect, it } from 'vitest';
import { ConnectionError } from './endpoints.ts';
import { type Attempt, judge, type RetryOptions } from './retry-rules.ts';

const options: RetryOptions = { maxRetries: 3, max404Retries: 2, initialDelayMs: 100, maxWaitMs: 60_000, endpoints: 1 };
const NOW = 1_000_000_000_000;
const answer = (status: number, headers: Record<string, string> = {}, text = ''): Attempt['outcome'] => ({
  status,
  headers: new Headers(headers),
  text,
});
const broken = (neverSent: boolean): Attempt['outcome'] => ({
  error: new ConnectionError('transient', 'x', neverSent, {}),
});
const reset = String(NOW / 1000 + 30);

describe('whether a request is sent again', () => {
  const rows: [string, Partial<Attempt>, object][] = [
    ['a success', { outcome: answer(200) }, { again: false }],
    ['a 500 to a read', { outcome: answer(500) }, { again: true, wait: 100 }],
    ['the third 500', { outcome: answer(502), count: 3 }, { again: true, wait: 400 }],
    ['one 500 too many', { outcome: answer(502), count: 4 }, { again: false }],
    ['a 500 to a comment, which may stand already', { outcome: answer(502), repeatable: false }, { again: false }],
    ['a read that broke off', { outcome: broken(false) }, { again: true, wait: 100, otherEndpoint: true }],
    ['a comment that broke off', { outcome: broken(false), repeatable: false }, { again: false }],
    [
      'a comment that was never sent',
      { outcome: broken(true), repeatable: false },
      { again: true, wait: 100, otherEndpoint: true },
    ],
    ['our own fault', { outcome: { error: new TypeError('x') } }, { again: false }],
    ['a refusal', { outcome: answer(403, {}, 'Resource not accessible by integration') }, { again: false }],
    [
      'a secondary limit, even for a comment',
      { outcome: answer(403, { 'retry-after': '7' }), repeatable: false },
      { again: true, wait: 7000, limited: 'account' },
    ],
    [
      'a 429 with a date',
      { outcome: answer(429, { 'retry-after': new Date(NOW + 5000).toUTCString() }) },
      { again: true, wait: 5000, limited: 'account' },
    ],
    [
      'a date by a clock that is an hour ahead',
      {
        outcome: answer(429, {
          'retry-after': new Date(NOW + 3_605_000).toUTCString(),
          date: new Date(NOW + 3_600_000).toUTCString(),
        }),
      },
      { again: true, wait: 5000, limited: 'account' },
    ],
    [
      'a 429 whose time nobody can read',
      { outcome: answer(429, { 'retry-after': 'soon' }) },
      { again: true, wait: 60_000, limited: 'account' },
    ],
    ['a 429 that names no time', { outcome: answer(429) }, { again: true, wait: 60_000, limited: 'account' }],
    [
      'a secondary limit that names no time',
      { outcome: answer(403, {}, 'You have exceeded a secondary rate limit.') },
      { again: true, wait: 60_000, limited: 'account' },
    ],
    [
      'a secondary limit once more',
      { outcome: answer(403, {}, 'You have exceeded a secondary rate limit.'), count: 2 },
      { again: false, wait: 120_000, limited: 'account' },
    ],
    [
      'the hour is spent',
      { outcome: answer(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }) },
      { again: true, wait: 31_000, limited: 'resource' },
    ],
    [
      'the hour is spent, by a clock that is an hour behind GitHub’s',
      {
        outcome: answer(403, {
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': String(NOW / 1000 + 3630),
          date: new Date(NOW + 3_600_000).toUTCString(),
        }),
      },
      { again: true, wait: 31_000, limited: 'resource' },
    ],
    [
      'a wait that is too long',
      { outcome: answer(403, { 'retry-after': '3600' }) },
      { again: false, wait: 3_600_000, limited: 'account' },
    ],
    [
      'a pull request that GitHub does not know yet',
      { outcome: answer(404), path: '/repos/o/r/pulls/5' },
      { again: true, wait: 100 },
    ],
    ['and still does not', { outcome: answer(404), path: '/api/v3/repos/o/r/pulls/5', count: 3 }, { again: false }],
    ['a collaborator that is none', { outcome: answer(404), path: '/repos/o/r/collaborators/bob' }, { again: false }],
    [
      'a label that is gone',
      { outcome: answer(404), path: '/repos/o/r/issues/5/labels/x', method: 'DELETE' },
      { again: false },
    ],
    ['an invalid request', { outcome: answer(422) }, { again: false }],
  ];
  it('pauses for five seconds at most while GitHub fails', () => {
    const attempt = { method: 'GET', path: '/', repeatable: true, count: 7, outcome: answer(502) };
    const options = { maxRetries: 8, max404Retries: 2, initialDelayMs: 500, maxWaitMs: 0, endpoints: 1 };
    expect(judge(attempt, options, NOW)).toEqual({ again: true, wait: 5000 });
  });

  it.each(rows)('%s', (_name, attempt, verdict) => {
    const whole: Attempt = { method: 'GET', path: '/x', repeatable: true, count: 1, outcome: answer(200), ...attempt };
    expect(judge(whole, options, NOW)).toEqual(verdict);
  });

  it('turns to the next endpoint at once', () => {
    const attempt: Attempt = { method: 'GET', path: '/x', repeatable: true, count: 1, outcome: broken(true) };
    expect(judge(attempt, { ...options, endpoints: 2 }, NOW)).toMatchObject({ wait: 0, otherEndpoint: true });
    expect(judge({ ...attempt, count: 2 }, { ...options, endpoints: 2 }, NOW)).toMatchObject({ wait: 200 });
  });
});
