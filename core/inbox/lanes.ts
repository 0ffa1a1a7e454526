/** Something that has its place in the order of arrival, among those with the same key. */
export interface Placed {
  seq: number;
  key: string;
}

export interface Lanes<T extends Placed> {
  add(item: T): void;
  /** How many there are, at work or in the queue. */
  size(): number;
  /** Takes out what has not begun. */
  drain(): T[];
}

/**
 * Runs items of one key one after the other in order of their `seq`, and different keys side by side, at most `width` at once. What is added in one turn of the
 * event loop is sorted before any of it begins, as answers of one group of writes may come in any order.
 */
export function createLanes<T extends Placed>(width: number, work: (item: T) => Promise<void>): Lanes<T> {
  const lanes = new Map<string, T[]>();
  const ready = new Set<string>();
  const busy = new Set<string>();
  let count = 0;
  let scheduled = false;

  function wake(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      fill();
    });
  }

  function fill(): void {
    for (const key of ready) {
      if (busy.size >= width) return;
      ready.delete(key);
      busy.add(key);
      void follow(key);
    }
  }

  /** Works through one lane until it is empty. */
  async function follow(key: string): Promise<void> {
    for (let item = lanes.get(key)?.shift(); item; item = lanes.get(key)?.shift()) {
      await work(item);
      count--;
    }
    lanes.delete(key);
    busy.delete(key);
    fill();
  }

  return {
    add(item) {
      count++;
      const lane = lanes.get(item.key) ?? [];
      const at = lane.findLastIndex(({ seq }) => seq < item.seq) + 1;
      lane.splice(at, 0, item);
      lanes.set(item.key, lane);
      if (!busy.has(item.key)) ready.add(item.key);
      wake();
    },
    size: () => count,
    drain() {
      const left = [...lanes.values()].flatMap((lane) => lane.splice(0));
      count -= left.length;
      return left;
    },
  };
}
