import { isDeepStrictEqual } from 'node:util';
import { isMap } from '../../../core/config/decode.ts';
import { keyOf } from '../../../core/config/errors.ts';

/** One place where two values differ; what is absent is left out. */
export interface Difference {
  path: string;
  old?: unknown;
  new?: unknown;
}

/** Where two plain values differ, as deep as it goes. List items that have names are told apart by them, others by their place. */
export function differences(before: unknown, after: unknown, path: (string | number)[] = []): Difference[] {
  if (isDeepStrictEqual(before, after)) return [];
  const [left, right] = [partsOf(before), partsOf(after)];
  if (!left || !right || left.list !== right.list)
    return [{ path: keyOf(path), ...told('old', before), ...told('new', after) }];
  const keys = new Set([...left.parts.keys(), ...right.parts.keys()]);
  return [...keys].flatMap((key) => differences(left.parts.get(key), right.parts.get(key), [...path, key]));
}

function told(side: 'old' | 'new', value: unknown): object {
  return value === undefined ? {} : { [side]: value };
}

function partsOf(value: unknown): { list: boolean; parts: Map<string | number, unknown> } | undefined {
  if (isMap(value)) return { list: false, parts: new Map(Object.entries(value)) };
  if (!Array.isArray(value)) return undefined;
  const names = value.map((item: unknown) => (isMap(item) && typeof item.name === 'string' ? item.name : undefined));
  const named = names.every((name) => name !== undefined) && new Set(names).size === names.length;
  return { list: true, parts: new Map(value.map((item, index) => [named ? (names[index] ?? index) : index, item])) };
}
