import type { z } from 'zod';
import { type Decoder, isMap, newReading, problem, type Reading } from './decode.ts';
import { decoderOf } from './zod-decoder.ts';

/** Which of the operator's files a key is written in. */
export type FileKind = 'config' | 'supplemental-config' | 'jobs' | 'plugins' | 'supplemental-plugins';

/** What one file holds of a section. */
export interface Part<P> {
  file: string;
  kind: FileKind;
  value: P;
}

/** What a section may see and say while its value is put together. */
export interface Combining {
  /** Another section's value (its defaults where no file holds it). Circular use throws. */
  get<T>(section: Section<T>): T;
  /** Refuses the configuration: `file` holds something wrong at `path`. */
  problem(file: string, path: readonly (string | number)[], message: string): void;
  /** Tells about something that is odd but does not stop the load. */
  warn(message: string): void;
  /** Milliseconds since 1970. */
  readonly loadedAt: number;
}

/**
 * A part of the configuration, owned by the component that uses it. The global configuration is the union of the declared sections.
 * Part values must be plain data (JSON), so that they can be kept between loads; patterns and templates are compiled in `combine`.
 */
export interface Section<T, P = unknown> {
  readonly name: string;
  /** The top-level keys it owns. */
  readonly keys: readonly string[];
  /** The kinds of file they may stand in. */
  readonly files: readonly FileKind[];
  /** For JSON Schema and the reference page; sections with a decoder of their own give them here as well. */
  readonly schemas: Readonly<Record<string, z.ZodType>>;
  /** Reads what one file holds under the section's keys. */
  decode(raw: Record<string, unknown>, reading: Reading): P;
  /**
   * Puts the parts of all files together, with defaults and the checks that need other sections. Where neither the parts nor the other
   * sections have changed, a reload keeps the value as it is.
   */
  combine(parts: readonly Part<P>[], view: Combining): T;
}

export interface SectionDeclaration<S extends z.ZodType, T> {
  /** The top-level key. */
  key: string;
  schema: S;
  /** `config` unless given. */
  file?: 'config' | 'plugins';
  /** How a supplemental file's part joins; without it supplemental files may not hold the key. Throws to refuse. */
  merge?: (base: z.output<S>, additional: z.output<S>) => z.output<S>;
  /** Last defaults and checks, with the other sections at hand. */
  finish?: (value: z.output<S>, view: Combining, file: string) => T;
}

/** Declares the section of one top-level key. */
export function section<S extends z.ZodType, T = z.output<S>>(
  declaration: SectionDeclaration<S, T>,
): Section<T, z.output<S>> {
  const { key, schema, merge, finish, file = 'config' } = declaration;
  const decode = decoderOf(schema);
  return {
    name: key,
    keys: [key],
    schemas: { [key]: schema },
    files: merge ? [file, `supplemental-${file}`] : [file],
    decode: (raw, reading) => validated(schema, decode, raw[key], reading, key),
    combine(parts, view) {
      const value = joined(declaration, parts, view);
      const from = parts[0]?.file ?? '';
      return finish ? finish(value, view, from) : (value as unknown as T);
    },
  };
}

function joined<S extends z.ZodType, T>(
  { key, schema, merge }: SectionDeclaration<S, T>,
  parts: readonly Part<z.output<S>>[],
  view: Combining,
): z.output<S> {
  const [first] = parts;
  const main = first?.kind.startsWith('supplemental') ? undefined : first;
  const others = main ? parts.slice(1) : parts;
  let value = main ? main.value : schema.parse(emptyOf(schema));
  for (const { file: from, value: additional } of others) {
    if (!merge) {
      view.problem(from, [key], `${key} is set in ${first?.file} already`);
      continue;
    }
    try {
      value = merge(value, additional);
    } catch (error) {
      view.problem(from, [key], error instanceof Error ? error.message : String(error));
    }
  }
  return value;
}

/** Reads a value as Go would, then holds it against its schema. */
function validated<S extends z.ZodType>(
  schema: S,
  decode: Decoder,
  raw: unknown,
  reading: Reading,
  key: string,
): z.output<S> {
  reading.path.push(key);
  const before = reading.problems.length;
  const decoded = decode(raw, reading) ?? emptyOf(schema);
  const result = reading.problems.length > before ? undefined : schema.safeParse(decoded);
  for (const { path, message } of result?.error?.issues ?? [])
    reading.problems.push({ path: [...reading.path, ...path.map(stepOf)], message });
  reading.path.pop();
  return result?.data as z.output<S>;
}

function stepOf(step: PropertyKey): string | number {
  return typeof step === 'number' ? step : String(step);
}

/** What a key that is not there, or holds nothing, stands for. */
function emptyOf(schema: z.ZodType): unknown {
  return [{}, [], undefined].find((candidate) => schema.safeParse(candidate).success);
}

/** A value that is not the configuration's (a plugin's settings …), read by the same rules. Throws nothing: look at `problems`. */
export function readValue<S extends z.ZodType>(schema: S, raw: unknown): { value: z.output<S>; reading: Reading } {
  const reading = newReading();
  const value = validated(schema, decoderOf(schema), raw, reading, '');
  return { value, reading };
}

/** Top-level maps only: Prow's files are maps, an empty file is an empty map. */
export function topLevel(raw: unknown, reading: Reading): Record<string, unknown> {
  if (raw === null || raw === undefined) return {};
  if (isMap(raw)) return raw;
  problem(reading, 'a configuration file must be a map of keys');
  return {};
}
