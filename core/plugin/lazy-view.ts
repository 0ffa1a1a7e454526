/**
 * Makes objects that look each of `names` up in their source when it is first asked for. All share one prototype, so that an object costs next to nothing
 * where little of it is used.
 */
export function lazyView<S, V>(names: readonly string[], look: (source: S, name: string) => unknown): (source: S) => V {
  const SOURCE = Symbol('source');
  const prototype = {};
  for (const name of names) {
    Object.defineProperty(prototype, name, {
      get(this: Record<symbol, S>) {
        const value = look(this[SOURCE] as S, name);
        Object.defineProperty(this, name, { value, enumerable: true });
        return value;
      },
    });
  }
  return (source) => {
    const view = Object.create(prototype) as Record<symbol, S>;
    view[SOURCE] = source;
    return view as V;
  };
}
