/** One thing that was read: by which call ("labels.list"), of which repository, issue or pull request, with which arguments. */
export interface Fact {
  read: string;
  place: string;
  args: readonly unknown[];
}

/** What one event's plugins have read of GitHub: asked once, shared by all; what one of them writes changes it for the others, or has it forgotten. */
export interface Facts {
  get<T>(fact: Fact, ask: () => Promise<T>): Promise<T>;
  /** Forgets every answer to a call whose name begins with one of `prefixes`. */
  forget(prefixes: readonly string[]): void;
  /** Puts what a write made of them in place of a call's answers about a place; an answer that is still under way is changed when it is there. */
  change(read: string, place: string, change: (before: unknown, args: readonly unknown[]) => unknown): void;
}

interface Known {
  fact: Fact;
  answer: Promise<unknown>;
}

export function keyOf({ read, place, args }: Fact): string {
  return `${read} ${place} ${JSON.stringify(args)}`;
}

export function createFacts(): Facts {
  const known = new Map<string, Known>();

  /** A failure is not kept. */
  function keep<T>(fact: Fact, answer: Promise<T>): Promise<T> {
    const key = keyOf(fact);
    known.set(key, { fact, answer });
    answer.catch(() => {
      if (known.get(key)?.answer === answer) known.delete(key);
    });
    return answer;
  }

  return {
    get<T>(fact: Fact, ask: () => Promise<T>): Promise<T> {
      const before = known.get(keyOf(fact));
      return before ? (before.answer as Promise<T>) : keep(fact, ask());
    },
    forget(prefixes) {
      for (const [key, { fact }] of known) if (prefixes.some((it) => fact.read.startsWith(it))) known.delete(key);
    },
    change(read, place, change) {
      for (const { fact, answer } of known.values())
        if (fact.read === read && fact.place === place)
          void keep(
            fact,
            answer.then((before) => change(before, fact.args)),
          );
    },
  };
}
