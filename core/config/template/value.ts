/** A Go struct as a template sees it: its own fields by their Go names, and nothing else. */
export const FIELD = Symbol('field');

export interface Struct {
  /** The field's value, its zero value where it is not set; undefined where the type has no such field or method. */
  [FIELD](name: string): { value: unknown } | undefined;
}

function isStruct(value: unknown): value is Struct {
  return typeof value === 'object' && value !== null && FIELD in value;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isStruct(value);
}

/** `.a.b` of a value: fields and methods of structs, keys of maps. */
export function fieldOf(value: unknown, name: string): unknown {
  // A key that a map lacks gives nothing, however far one goes on; a pointer to nothing is a mistake.
  if (value === undefined) return undefined;
  if (value === null) throw new Error(`nil pointer evaluating field ${name}`);
  if (isStruct(value)) {
    const found = value[FIELD](name);
    if (!found) throw new Error(`can't evaluate field ${name}`);
    return typeof found.value === 'function' ? found.value() : found.value;
  }
  if (!isMap(value)) throw new Error(`can't evaluate field ${name}`);
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Go's truth: zero, empty and nil are false; a struct is always true. */
export function isTrue(value: unknown): boolean {
  if (isStruct(value)) return true;
  if (Array.isArray(value)) return value.length > 0;
  if (isMap(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** What `range` walks over: lists, maps in the order of their keys, numbers. */
export function entriesOf(value: unknown): [string | number, unknown][] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.map((item, index) => [index, item]);
  if (typeof value === 'number') return Array.from({ length: value }, (_, index) => [index, index]);
  if (!isMap(value)) throw new Error(`range can't iterate over ${print(value)}`);
  return Object.keys(value)
    .sort()
    .map((key) => [key, value[key]]);
}

/** Go's %v. */
export function print(value: unknown): string {
  if (value === undefined) return '<no value>';
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(print).join(' ')}]`;
  if (isMap(value))
    return `map[${entriesOf(value)
      .map(([key, item]) => `${key}:${print(item)}`)
      .join(' ')}]`;
  return String(value);
}
