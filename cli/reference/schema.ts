import { z } from 'zod';
import type { FileKind, Section } from '../../core/config/section.ts';
import { jobTypes } from '../../jobs/config/job-types.ts';

/** The parts of JSON Schema (draft 7, which editors know best) that are used here. */
export interface JsonSchema {
  $schema?: string;
  $ref?: string;
  title?: string;
  description?: string;
  type?: string;
  default?: unknown;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  format?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  propertyNames?: JsonSchema;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  definitions?: Record<string, JsonSchema>;
  goType?: string;
}

/** One top-level key: its schema, and the kinds of file that it may stand in. */
export interface Key {
  key: string;
  files: readonly FileKind[];
  schema: JsonSchema;
}

const SCALARS: Readonly<Record<string, JsonSchema>> = {
  string: { type: 'string' },
  bool: { type: 'boolean' },
  int: { type: 'integer' },
  float: { type: 'number' },
  any: {},
  time: { type: 'string', format: 'date-time' },
  quantity: { anyOf: [{ type: 'string' }, { type: 'number' }] },
  intOrString: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
  duration: { anyOf: [{ type: 'string', format: 'go-duration' }, { type: 'integer' }] },
  prowDuration: { type: 'string', format: 'go-duration' },
};

/** Every top-level key of the sections, sorted. */
export function keysOf(sections: readonly Section<unknown>[]): Key[] {
  return sections
    .flatMap(({ schemas, files }) =>
      Object.entries(schemas).map(([key, schema]) => ({ key, files, schema: schemaOf(schema) })),
    )
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** A file's schema: its keys, and the types that they refer to. */
export function fileSchema(title: string, properties: Record<string, JsonSchema>): JsonSchema {
  // What a key's schema refers to is looked for in the file's definitions.
  const own = Object.values(properties).flatMap(({ definitions = {} }) => Object.entries(definitions));
  const bare = Object.entries(properties).map(([key, { definitions: _, ...schema }]) => [key, schema] as const);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title,
    type: 'object',
    properties: Object.fromEntries(bare),
    additionalProperties: false,
    definitions: { ...definitionsFor(bare.map(([, schema]) => schema)), ...Object.fromEntries(own) },
  };
}

function schemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...made } = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => simplify(jsonSchema as JsonSchema),
  }) as JsonSchema;
  return made;
}

/** In place, as Zod wants it: unknown keys are wrong, bounds that every integer has say nothing, and Go types are referred to. */
function simplify(schema: JsonSchema): void {
  if (schema.properties) schema.additionalProperties ??= false;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.propertyNames?.type === 'string') delete schema.propertyNames;
  const { goType } = schema;
  if (goType === undefined) return;
  delete schema.goType;
  Object.assign(schema, goSchema(goType));
}

/** The schema of a Go type: a struct's name, a scalar's, or one of them behind `*`, `[]` or `{}`. */
export function goSchema(type: string): JsonSchema {
  if (type.startsWith('*')) return goSchema(type.slice(1));
  if (type.startsWith('[]')) return { type: 'array', items: goSchema(type.slice(2)) };
  if (type.startsWith('{}')) return { type: 'object', additionalProperties: goSchema(type.slice(2)) };
  return SCALARS[type] ?? (jobTypes.fieldsOf(type) ? { $ref: `#/definitions/${type}` } : {});
}

function definitionsFor(schemas: readonly JsonSchema[]): Record<string, JsonSchema> {
  const found = new Map<string, JsonSchema>();
  const waiting = schemas.flatMap(refsIn);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    const fields = jobTypes.fieldsOf(name) ?? [];
    const properties = Object.fromEntries(fields.map((field) => [field.name, goSchema(field.type)]));
    found.set(name, { type: 'object', properties, additionalProperties: false });
    waiting.push(...Object.values(properties).flatMap(refsIn));
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function refsIn(schema: JsonSchema): string[] {
  const { $ref, items, additionalProperties, anyOf = [], properties = {} } = schema;
  const own = $ref ? [$ref.slice('#/definitions/'.length)] : [];
  const inner = [items, typeof additionalProperties === 'object' ? additionalProperties : undefined];
  const parts = [...inner.filter((part) => part !== undefined), ...anyOf, ...Object.values(properties)];
  return [...own, ...parts.flatMap(refsIn)];
}
