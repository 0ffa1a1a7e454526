import { asAny, asFlag, asInteger, asNumber, asText, type Decoder, isMap, listOf, mapOf, struct } from './decode.ts';
import { goDuration } from './duration-decoder.ts';
import { asIntOrString, asQuantity } from './quantity.ts';

/** Struct types by name: `field:type` words in the order in which Go writes them (see jobs/config/pod-types.ts). */
export type GoTable = Readonly<Record<string, string>>;

interface Field {
  name: string;
  type: string;
  /** Written even where it is empty. */
  always: boolean;
}

const SCALARS: Record<string, Decoder> = {
  string: asText,
  bool: asFlag,
  int: asInteger,
  float: asNumber,
  any: asAny,
  time: asText,
  quantity: asQuantity,
  intOrString: asIntOrString,
  duration: goDuration(false),
  prowDuration: goDuration(true),
};

/** Values that `omitempty` leaves out, and that stand for "not set" where the type is no pointer. */
const ZEROS: Record<string, unknown> = { string: '', bool: false, int: 0, float: 0 };
/** Types whose zero value is no JSON zero. */
const WRITTEN_ZEROS: Record<string, unknown> = { ...ZEROS, quantity: '0', intOrString: 0 };

/**
 * Reads and writes values the way Go's encoding/json does for the given struct types. A table of types is read many times faster than a
 * schema of some thousand fields, and it knows the order in which Go writes them, which JOB_SPEC and its like have to repeat byte by byte.
 */
export class GoTypes {
  readonly #fields: ReadonlyMap<string, readonly Field[]>;
  readonly #decoders = new Map<string, Decoder>();

  constructor(table: GoTable) {
    this.#fields = new Map(Object.entries(table).map(([name, text]) => [name, text.split(' ').map(fieldOf)]));
  }

  /** The reading of a type: a struct's name, a scalar's, or one of them behind `*`, `[]` or `{}`. */
  decoder(type: string): Decoder {
    const known = this.#decoders.get(type);
    if (known) return known;
    let ready: Decoder = asAny;
    this.#decoders.set(type, (raw, reading) => ready(raw, reading));
    ready = this.#build(type);
    this.#decoders.set(type, ready);
    return ready;
  }

  /** `value` as Go's encoding/json would write it: fields in Go's order, empty ones left out, map keys sorted. */
  encode(type: string, value: unknown): unknown {
    if (value === undefined || value === null) return undefined;
    if (type.startsWith('*')) return this.encode(type.slice(1), value);
    if (type.startsWith('[]') && Array.isArray(value))
      return value.map((item) => this.encode(type.slice(2), item) ?? null);
    if (!isMap(value)) return value;
    const fields = this.#fields.get(type);
    if (fields) return this.#encodeStruct(fields, value);
    const item = type.startsWith('{}') ? type.slice(2) : 'any';
    const keys = Object.keys(value).sort();
    return Object.fromEntries(keys.map((key) => [key, this.encode(item, value[key])]));
  }

  /** The fields of a struct type by name, for whoever shows values by their Go names. */
  fieldsOf(type: string): readonly Field[] | undefined {
    return this.#fields.get(type);
  }

  #encodeStruct(fields: readonly Field[], value: Record<string, unknown>): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const { name, type, always } of fields) {
      const raw = value[name];
      if (always) result[name] = this.encode(type, raw) ?? this.#zero(type);
      else if (raw !== undefined && raw !== null && !isEmpty(type, raw)) result[name] = this.encode(type, raw);
    }
    return result;
  }

  #zero(type: string): unknown {
    if (type.startsWith('*') || type.startsWith('[]') || type.startsWith('{}')) return null;
    return type in WRITTEN_ZEROS ? WRITTEN_ZEROS[type] : this.encode(type, {});
  }

  #build(type: string): Decoder {
    if (type.startsWith('*')) return this.decoder(type.slice(1));
    if (type.startsWith('[]')) return listOf(this.decoder(type.slice(2)), () => this.#zeroOf(type.slice(2)));
    if (type.startsWith('{}')) return mapOf(this.decoder(type.slice(2)), () => this.#zeroOf(type.slice(2)));
    const scalar = SCALARS[type];
    if (scalar) return scalar;
    const fields = this.#fields.get(type);
    if (!fields) throw new Error(`unknown Go type ${type}`);
    return this.#structDecoder(fields);
  }

  #structDecoder(fields: readonly Field[]): Decoder {
    const read = struct(Object.fromEntries(fields.map(({ name, type }) => [name, this.#fieldDecoder(type)])));
    const always = fields.filter(({ type, always }) => always && !/^[*[{]/.test(type));
    if (always.length === 0) return read;
    return (raw, reading) => {
      const value = read(raw, reading);
      if (!isMap(value)) return value;
      const missing = always.filter(({ name }) => value[name] === undefined);
      if (missing.length === 0) return value;
      return { ...value, ...Object.fromEntries(missing.map(({ name, type }) => [name, this.#zeroOf(type)])) };
    };
  }

  /** A field that is no pointer cannot tell its zero from being absent. */
  #fieldDecoder(type: string): Decoder {
    const decode = this.decoder(type);
    if (!(type in ZEROS)) return decode;
    const zero = ZEROS[type];
    return (raw, reading) => {
      const value = decode(raw, reading);
      return value === zero ? undefined : value;
    };
  }

  #zeroOf(type: string): unknown {
    if (type.startsWith('*') || type.startsWith('[]') || type.startsWith('{}')) return undefined;
    if (type in WRITTEN_ZEROS) return WRITTEN_ZEROS[type];
    if (!this.#fields.has(type)) return undefined;
    return this.encode(type, {});
  }
}

function fieldOf(word: string): Field {
  const always = word.endsWith('!');
  const [name = '', type = 'string'] = (always ? word.slice(0, -1) : word).split(':');
  return { name, type, always };
}

function isEmpty(type: string, value: unknown): boolean {
  if (type.startsWith('*')) return false;
  if (Array.isArray(value)) return value.length === 0;
  if (type.startsWith('{}')) return isMap(value) && Object.keys(value).length === 0;
  return type in ZEROS && value === ZEROS[type];
}

const ESCAPED: Record<string, string> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** JSON as Go's encoding/json spells it. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (letter) => ESCAPED[letter] ?? letter);
}
