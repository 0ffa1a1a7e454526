import { describe, expect, it } from 'vitest';
import type { Change } from '../../model/changes.ts';
import type { Entry } from '../views.ts';
import { effectsOf } from './cause.ts';
import { joined, safeColor } from './timeline.ts';

const base = { key: '', actor: 'cutwater', at: '' };
const label = (name: string): Entry => ({ ...base, type: 'labels', added: [{ name, color: '000000' }], removed: [] });
const status = (context: string, state: 'pending' | 'success'): Entry => ({ ...base, type: 'status', context, state });
const push: Entry = { ...base, type: 'push', sha: '', title: '', href: '' };

describe('joined', () => {
  it('puts labels of one actor on one line', () => {
    const [entry, ...more] = joined([label('size/M'), label('kind/bug')]);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ added: [{ name: 'size/M' }, { name: 'kind/bug' }] });
  });

  it('keeps a context once among neighbouring statuses, and again after something else', () => {
    const entries = joined([
      status('a', 'pending'),
      status('b', 'pending'),
      status('a', 'success'),
      push,
      status('b', 'success'),
    ]);
    expect(entries).toEqual([status('b', 'pending'), status('a', 'success'), push, status('b', 'success')]);
  });
});

describe('effectsOf', () => {
  const change = (kind: Change['kind'], data = {}) => ({ kind, data }) as Change;
  it('counts contexts, not statuses', () => {
    const changes = ['a', 'b', 'a'].map((context) => change('status.set', { context }));
    expect(effectsOf([...changes, change('comment.created')])).toEqual(['set 2 statuses', 'wrote 1 comment']);
  });
  it('says nothing where nothing was written', () => {
    expect(effectsOf([change('delivery.done')])).toEqual([]);
  });
});

it('never lets a colour be anything but a colour', () => {
  expect(['61e552', 'red;} x', ''].map(safeColor)).toEqual(['61e552', '888888', '888888']);
});
