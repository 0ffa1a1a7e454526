/** What one event's plugins have read of GitHub: asked once, shared by all, forgotten where one of them changed it. */
export interface Facts {
  get<T>(key: string, ask: () => Promise<T>): Promise<T>;
  /** Forgets every read whose key begins with one of `prefixes`. */
  forget(prefixes: readonly string[]): void;
}

export function createFacts(): Facts {
  const known = new Map<string, Promise<unknown>>();
  return {
    get<T>(key: string, ask: () => Promise<T>): Promise<T> {
      const before = known.get(key);
      if (before) return before as Promise<T>;
      const asked = ask();
      known.set(key, asked);
      asked.catch(() => {
        if (known.get(key) === asked) known.delete(key);
      });
      return asked;
    },
    forget(prefixes) {
      for (const key of known.keys()) if (prefixes.some((prefix) => key.startsWith(prefix))) known.delete(key);
    },
  };
}
