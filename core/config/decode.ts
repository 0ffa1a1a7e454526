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

/** A list; `null` items become `zero` (Go's zero value). What needs no change is handed on as it is: most of 9 MB does not. */
export function listOf(item: Decoder, zero: () => unknown = () => undefined): Decoder {
  return (raw, reading) => {
    if (raw === null || raw === undefined) return undefined;
    if (!Array.isArray(raw)) return mismatch(raw, 'a list', reading);
    let result: unknown[] | undefined;
    for (let index = 0; index < raw.length; index++) {
      reading.path.push(index);
      const decoded = item(raw[index], reading) ?? zero();
      reading.path.pop();
      if (!result && !Object.is(decoded, raw[index])) result = raw.slice(0, index);
      result?.push(decoded);
    }
    return result ?? raw;
  };
}

/** A map by free keys; `null` entries become `zero`, and vanish where there is none. */
export function mapOf(item: Decoder, zero: () => unknown = () => undefined): Decoder {
  return (raw, reading) => {
    if (raw === null || raw === undefined) return undefined;
    if (!isMap(raw)) return mismatch(raw, 'a map', reading);
    const copy = new CopyOnWrite(raw);
    for (const key of copy.keys) {
      reading.path.push(key);
      copy.put(key, item(raw[key], reading) ?? zero());
      reading.path.pop();
    }
    return copy.result;
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
    const copy = new CopyOnWrite(raw);
    for (const key of copy.keys) {
      const name = exact.has(key) ? key : folded.get(key.toLowerCase());
      const decode = name === undefined ? undefined : exact.get(name);
      reading.path.push(key);
      if (!decode || name === undefined) copy.put(key, unknownKey(raw, reading, options.loose));
      else if (name !== key && Object.hasOwn(raw, name)) copy.put(key, undefined);
      else copy.put(key, decode(raw[key], reading), name);
      reading.path.pop();
    }
    return copy.result;
  };
}

function unknownKey(raw: Record<string, unknown>, reading: Reading, loose: boolean | undefined): unknown {
  if (loose) return asAny(raw[String(reading.path.at(-1))], reading);
  reading.unknown.push([...reading.path]);
  return undefined;
}

/** The original map as long as everything put is what stands there already, a copy from the first difference on. */
class CopyOnWrite {
  readonly keys: readonly string[];
  readonly #original: Record<string, unknown>;
  #copy: Record<string, unknown> | undefined;
  #kept = 0;

  constructor(original: Record<string, unknown>) {
    this.#original = original;
    this.keys = Object.keys(original);
  }

  get result(): Record<string, unknown> {
    return this.#copy ?? this.#original;
  }

  /** Called once a key, in order; `undefined` leaves it out. */
  put(key: string, value: unknown, name = key): void {
    if (!this.#copy && name === key && value !== undefined && Object.is(value, this.#original[key])) {
      this.#kept++;
      return;
    }
    this.#copy ??= this.#copyKept();
    if (value !== undefined) define(this.#copy, name, value);
  }

  #copyKept(): Record<string, unknown> {
    const copy: Record<string, unknown> = {};
    for (const key of this.keys.slice(0, this.#kept)) define(copy, key, this.#original[key]);
    return copy;
  }
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
