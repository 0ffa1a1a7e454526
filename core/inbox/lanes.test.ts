import { describe, expect, it } from 'vitest';
import { createLanes } from './lanes.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('lanes', () => {
  it('sorts what is added in one turn, and keeps the order of each key', async () => {
    const begun: number[] = [];
    const lanes = createLanes(10, async ({ seq }) => void begun.push(seq));
    for (const [seq, key] of [
      [3, 'a'],
      [1, 'a'],
      [5, 'b'],
      [2, 'a'],
      [4, 'b'],
    ] as const)
      lanes.add({ seq, key });
    await turn();
    expect(begun.filter((seq) => seq < 4)).toEqual([1, 2, 3]);
    expect(begun.filter((seq) => seq > 3)).toEqual([4, 5]);
    expect(lanes.size()).toBe(0);
  });

  it('works at so many keys at once, and then at the next', async () => {
    const gates = new Map<string, () => void>();
    const lanes = createLanes(2, ({ key }) => new Promise((resolve) => gates.set(key, resolve)));
    for (const [seq, key] of [
      [1, 'a'],
      [2, 'a'],
      [3, 'b'],
      [4, 'c'],
    ] as const)
      lanes.add({ seq, key });
    await turn();
    expect([...gates.keys()]).toEqual(['a', 'b']);
    gates.get('b')?.();
    await turn();
    expect([...gates.keys()]).toEqual(['a', 'b', 'c']);
    expect(lanes.drain()).toEqual([{ seq: 2, key: 'a' }]);
    expect(lanes.size()).toBe(2);
  });
});
