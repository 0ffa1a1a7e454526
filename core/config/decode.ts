import type { Path } from './position.ts';
import { textOfScalar } from './scalar.ts';

/** What a reading collects beside its value: `problems` make the file unusable, `unknown` keys are only told. */
export interface Reading {
  path: (string | number)[];
  problems: { path: Path; message: string }[];
  unknown: Path[];
}

/** Turns what YAML gave into what the Go type of a field would hold; `undefined` where it is not set. */
export type Decoder = (raw: unknown, reading: Reading) => unknown;

export function newReading(path: Path = []): Reading {
  return { path: [...path], problems: [], unknown: [] };
}

export function problem(reading: Reading, message: string): undefined {
  reading.problems.push({ path: [...reading.path], message });
}

function mismatch(raw: unknown, wanted: string, reading: Reading): undefined {
  problem(reading, `cannot read ${kindOf(raw)} as ${wanted}`);
}

function kindOf(raw: unknown): string {
  if (Array.isArray(raw)) return 'a list';
  if (raw !== null && typeof raw === 'object') return 'a map';
  return `${typeof raw === 'bigint' ? 'number' : typeof raw} ${JSON.stringify(textOfScalar(raw))}`;
}

/** Numbers and booleans become text where the field is text, as sigs.k8s.io/yaml does. */
export const asText: Decoder = (raw, reading) => {
  if (typeof raw === 'string') return raw;
  if (raw === null || raw === undefined) return undefined;
  return typeof raw === 'object' ? mismatch(raw, 'text', reading) : textOfScalar(raw);
};

export const asFlag: Decoder = (raw, reading) => {
  if (typeof raw === 'boolean') return raw;
  return raw === null || raw === undefined ? undefined : mismatch(raw, 'true or false', reading);
};

export const asInteger: Decoder = (raw, reading) => {
  if (typeof raw === 'number' && Number.isInteger(raw)) return raw;
  return raw === null || raw === undefined ? undefined : mismatch(raw, 'an integer', reading);
};

export const asNumber: Decoder = (raw, reading) => {
  if (typeof raw === 'number') return raw;
  return raw === null || raw === undefined ? undefined : mismatch(raw, 'a number', reading);
};

/** Left as it is, but as JSON can hold it. */
export const asAny: Decoder = (raw) => {
  if (raw === undefined || raw === null) return raw;
  if (typeof raw === 'bigint') return Number(raw);
  if (typeof raw === 'number') return Number.isFinite(raw) ? raw : null;
  if (Array.isArray(raw)) return raw.map((item) => asAny(item, newReading()));
  if (typeof raw !== 'object') return raw;
  return Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, asAny(value, newReading())]));
};

/** A list; `null` items become `zero` (Go's zero value). */
export function listOf(item: Decoder, zero: () => unknown = () => undefined): Decoder {
  return (raw, reading) => {
    if (raw === null || raw === undefined) return undefined;
    if (!Array.isArray(raw)) return mismatch(raw, 'a list', reading);
    return raw.map((value, index) => {
      reading.path.push(index);
      const decoded = item(value, reading) ?? zero();
      reading.path.pop();
      return decoded;
    });
  };
}

/** A map by free keys; `null` entries become `zero`, and vanish where there is none. */
export function mapOf(item: Decoder, zero: () => unknown = () => undefined): Decoder {
  return (raw, reading) => {
    if (raw === null || raw === undefined) return undefined;
    if (!isMap(raw)) return mismatch(raw, 'a map', reading);
    const result: Record<string, unknown> = {};
    for (const key of Object.keys(raw)) {
      reading.path.push(key);
      const decoded = item(raw[key], reading) ?? zero();
      if (decoded !== undefined) define(result, key, decoded);
      reading.path.pop();
    }
    return result;
  };
}

export interface Fields {
  readonly [name: string]: Decoder;
}

/** A struct: fields by their JSON names, found in any case as Go does; other keys are reported and dropped, or kept with `loose`. */
export function struct(fields: Fields, options: { loose?: boolean } = {}): Decoder {
  const exact = new Map(Object.entries(fields));
  const folded = new Map(Object.keys(fields).map((name) => [name.toLowerCase(), name]));
  return (raw, reading) => {
    if (raw === null || raw === undefined) return undefined;
    if (!isMap(raw)) return mismatch(raw, 'a map', reading);
    const result: Record<string, unknown> = {};
    for (const key of Object.keys(raw)) {
      const name = exact.has(key) ? key : folded.get(key.toLowerCase());
      if (name !== undefined && name !== key && Object.hasOwn(raw, name)) continue;
      const decode = name === undefined ? undefined : exact.get(name);
      reading.path.push(key);
      if (!decode) unknownKey(raw, key, result, reading, options.loose);
      else {
        const decoded = decode(raw[key], reading);
        if (decoded !== undefined) result[name ?? key] = decoded;
      }
      reading.path.pop();
    }
    return result;
  };
}

function unknownKey(
  raw: Record<string, unknown>,
  key: string,
  result: Record<string, unknown>,
  reading: Reading,
  loose: boolean | undefined,
): void {
  if (loose) define(result, key, asAny(raw[key], reading));
  else reading.unknown.push([...reading.path]);
}

/** An own property whatever its name: `__proto__` from a file must not reach the prototype. */
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
