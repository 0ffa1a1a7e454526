/** Lets many share a thing, or one have it alone. */
export interface Gate {
  shared<T>(work: () => Promise<T>): Promise<T>;
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/** First come, first served: whoever wants the thing alone waits for those before, and those after wait in turn. */
export function createGate(): Gate {
  let sharers: Promise<unknown>[] = [];
  let last: Promise<unknown> = Promise.resolve();

  return {
    async shared(work) {
      const mine = last.then(work);
      const settled = mine.catch(() => {});
      sharers.push(settled);
      void settled.then(() => {
        sharers = sharers.filter((other) => other !== settled);
      });
      return mine;
    },
    async alone(work) {
      const before = Promise.all([last, ...sharers]);
      const mine = before.then(work);
      last = mine.catch(() => {});
      return mine;
    },
  };
}
