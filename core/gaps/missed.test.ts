import { describe, expect, it } from 'vitest';
import { fieldsOf } from '../inbox/facts.ts';
import { changesOf } from './missed.ts';

const SINCE = Date.parse('2026-01-01T00:00:00Z');
const OLD = '2025-01-01T00:00:00Z';
const NEW = '2026-01-02T00:00:00Z';

const pull = {
  number: 5,
  title: 'A change',
  body: 'why',
  state: 'open',
  labels: [{ name: 'size/S' }],
  draft: false,
  head: { sha: 'abc' },
  base: { ref: 'main' },
  created_at: OLD,
};
const told = (shown: object) =>
  new Map(Object.entries(fieldsOf({ ...pull, ...shown })).map(([field, value]) => [field, { value, at: 0 }]));

describe('what happened that nobody told', () => {
  const closed = { state: 'closed' };
  const rows: [string, object, ReturnType<typeof told>, (string | [string, object])[]][] = [
    ['nothing', {}, told({}), []],
    ['opened', { created_at: NEW }, new Map(), ['opened']],
    ['opened and closed again: only that it is closed', { created_at: NEW, ...closed }, new Map(), ['closed']],
    ['a push', {}, told({ head: { sha: '123' } }), [['synchronize', { before: '123', after: 'abc' }]]],
    ['a push to what is closed by now', closed, told({ head: { sha: '123' } }), ['closed']],
    ['another title', {}, told({ title: 'WIP' }), [['edited', { changes: { title: { from: 'WIP' } } }]]],
    ['another text', {}, told({ body: '' }), [['edited', { changes: { body: { from: '' } } }]]],
    ['another base', {}, told({ base: { ref: 'old' } }), [['edited', { changes: { base: { ref: { from: 'old' } } } }]]],
    ['a draft is ready', {}, told({ draft: true }), ['ready_for_review']],
    ['a draft again', { draft: true }, told({}), ['converted_to_draft']],
    ['closed', closed, told({}), ['closed']],
    ['reopened', {}, told(closed), ['reopened']],
    [
      'other labels',
      {},
      told({ labels: [{ name: 'lgtm' }] }),
      [
        ['unlabeled', { label: { name: 'lgtm' } }],
        ['labeled', { label: { name: 'size/S' } }],
      ],
    ],
    [
      'several at once, the push last',
      {},
      told({ head: { sha: '123' }, title: 'x', draft: true }),
      [
        ['edited', { changes: { title: { from: 'x' } } }],
        'ready_for_review',
        ['synchronize', { before: '123', after: 'abc' }],
      ],
    ],
  ];
  it.each(rows)('%s', (_say, now, facts, changes) => {
    const found = changesOf({ ...pull, ...now }, { facts, since: SINCE });
    expect(found.map(({ action, with: more }) => [action, more])).toEqual(
      changes.map((change) => (typeof change === 'string' ? [change, {}] : change)),
    );
  });

  it.each([
    ['older than the gap', SINCE - 1, []],
    ['of the time of the gap', SINCE, ['synchronize']],
  ])(
    'takes the head of a pull request that nothing is known about for a push where its commit is %s',
    (_say, at, actions) => {
      expect(changesOf(pull, { facts: new Map(), since: SINCE }, at).map(({ action }) => action)).toEqual(actions);
    },
  );
});
