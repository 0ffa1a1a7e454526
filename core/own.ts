/** What a map from a file says of a name from outside. An organization may be called `constructor`, which every object has from its prototype. */
export function own<T>(map: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
