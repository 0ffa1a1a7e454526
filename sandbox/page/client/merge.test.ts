import { describe, expect, it } from 'vitest';
import type { DeliveriesView, DeliveryRow, View } from '../views.ts';
import { isOvertaken, patched, settled } from './merge.ts';

const row = (id: number, statusCode = 200) => ({ id, statusCode }) as DeliveryRow;
const list = (...rows: DeliveryRow[]) => ({ kind: 'deliveries', version: 1, rows }) as DeliveriesView;

describe('settled', () => {
  it('keeps rows in their places, changes their values, and holds newer ones back', () => {
    const { view, newer } = settled(list(row(2, 0), row(1)), list(row(4), row(3), row(2, 200)));
    expect(newer).toBe(2);
    expect((view as DeliveriesView).rows).toEqual([row(2, 200), row(1)]);
  });

  it('takes the fresh view where nothing is new', () => {
    const fresh = list(row(2), row(1));
    expect(settled(list(row(2, 0), row(1)), fresh)).toEqual({ view: fresh, newer: 0 });
  });

  it('shows the first rows at once', () => {
    expect(settled(list(), list(row(1))).newer).toBe(0);
  });
});

describe('patched', () => {
  it('replaces whole parts and takes the version along', () => {
    const view = patched(list(row(1)) as View, { version: 7, now: '', parts: { rows: [] } });
    expect(view).toEqual({ kind: 'deliveries', version: 7, rows: [] });
  });
});

describe('a view that was loaded', () => {
  const at = (version: number) => ({ ...list(), version }) as View;
  it('is not shown where the stream has told more meanwhile, which nothing would tell again', () => {
    expect(isOvertaken(at(5), at(4), at(6))).toBe(true);
    expect(isOvertaken(at(6), at(4), at(6))).toBe(false);
  });

  it('is shown where nothing came meanwhile, also when the sandbox counts from the beginning again', () => {
    const known = at(9);
    expect(isOvertaken(at(2), known, known)).toBe(false);
  });
});
