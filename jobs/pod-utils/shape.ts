import { CutwaterError } from '../../core/errors.ts';

/** What stands under each key of the options: a kind of value, further keys, or in brackets a list of such. Null is as good as absent, as in Go. */
export type Shape = 'string' | 'number' | 'boolean' | readonly [Shape] | { readonly [key: string]: Shape };

/** Throws `usage`, with the field's name, where a value is of another kind; keys that the shape does not know are left to others, as Prow leaves them. */
export function assertShape(value: unknown, shape: Shape, at = ''): void {
  if (value === undefined || value === null) return;
  if (typeof shape === 'string') {
    if (typeof value !== shape) throw wrong(at, value, `a ${shape}`);
  } else if (isList(shape)) {
    if (!Array.isArray(value)) throw wrong(at, value, 'a list');
    for (const [index, item] of value.entries()) assertShape(item, shape[0], `${at}[${index}]`);
  } else {
    if (typeof value !== 'object' || Array.isArray(value)) throw wrong(at, value, 'an object');
    const fields = value as Readonly<Record<string, unknown>>;
    for (const [key, inner] of Object.entries(shape)) assertShape(fields[key], inner, at ? `${at}.${key}` : key);
  }
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function wrong(at: string, value: unknown, wanted: string): CutwaterError {
  return new CutwaterError('usage', `${at || 'it'} is ${JSON.stringify(value)?.slice(0, 80)}, not ${wanted}`);
}
