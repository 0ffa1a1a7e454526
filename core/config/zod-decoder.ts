import type { z } from 'zod';
import { asAny, asFlag, asInteger, asNumber, asText, type Decoder, listOf, mapOf, struct } from './decode.ts';

const own = new WeakMap<z.ZodType, Decoder>();
const built = new WeakMap<z.ZodType, Decoder>();

/** Names the decoder of a schema that Zod cannot describe itself (a pod's spec, a duration …). */
export function withDecoder<S extends z.ZodType>(schema: S, decode: Decoder): S {
  own.set(schema, decode);
  return schema;
}

/**
 * The type-directed reading that goes before a schema's validation: keys in any case, `null` as not set, scalars to text, unknown keys
 * reported. Without it Zod would refuse what Go's YAML accepts.
 */
export function decoderOf(schema: z.ZodType): Decoder {
  const known = own.get(schema) ?? built.get(schema);
  if (known) return known;
  let ready: Decoder | undefined;
  // A schema may refer to itself: it is known before it is built.
  built.set(schema, (raw, reading) => (ready ?? asAny)(raw, reading));
  ready = build(schema);
  built.set(schema, ready);
  return ready;
}

/** The parts of Zod's definitions that are looked at here. */
interface Definition {
  type: string;
  format?: string;
  check?: string;
  innerType?: z.ZodType;
  in?: z.ZodType;
  element?: z.ZodType;
  valueType?: z.ZodType;
  shape?: Record<string, z.ZodType>;
  catchall?: z.ZodType;
  entries?: Record<string, unknown>;
  values?: unknown[];
  getter?: () => z.ZodType;
}

function definitionOf(schema: z.ZodType): Definition {
  return schema.def as unknown as Definition;
}

function build(schema: z.ZodType): Decoder {
  const definition = definitionOf(schema);
  switch (definition.type) {
    case 'string':
    case 'enum':
      return asText;
    case 'boolean':
      return asFlag;
    case 'number':
    case 'int':
      return definition.format === 'safeint' || definition.format === 'int32' ? asInteger : asNumber;
    case 'literal':
      return definition.values?.every((value) => typeof value === 'string') ? asText : asAny;
    case 'array':
      return listOf(inner(definition.element), () => zeroOf(definition.element));
    case 'record':
      return mapOf(inner(definition.valueType), () => zeroOf(definition.valueType));
    case 'object':
      return structOf(definition);
    case 'lazy':
      return (raw, reading) => inner(definition.getter?.())(raw, reading);
    default:
      return inner(definition.innerType ?? definition.in);
  }
}

function inner(schema: z.ZodType | undefined): Decoder {
  return schema ? decoderOf(schema) : asAny;
}

function structOf({ shape = {}, catchall }: Definition): Decoder {
  const fields = Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, decoderOf(schema)]));
  return struct(fields, { loose: catchall !== undefined && definitionOf(catchall).type !== 'never' });
}

/** Go's zero value for a `null` in a list or a map: an empty struct, list or map; scalars and pointers vanish. */
function zeroOf(schema: z.ZodType | undefined): unknown {
  if (!schema) return undefined;
  const definition = definitionOf(schema);
  if (definition.type === 'object' || definition.type === 'record') return {};
  if (definition.type === 'array') return [];
  if (definition.type === 'string') return '';
  if (['optional', 'nullable'].includes(definition.type)) return undefined;
  return zeroOf(definition.innerType ?? definition.in);
}
