import {
  CHOMPING_STRIP,
  constructFromEvents,
  defineScalarTag,
  EVENT_SCALAR,
  FAILSAFE_SCHEMA,
  type LoadOptions,
  loadAll,
  mergeTag,
  NOT_RESOLVED,
  parseEvents,
  SCALAR_STYLE_FOLDED_BLOCK,
  SCALAR_STYLE_LITERAL_BLOCK,
  YAMLException,
} from 'js-yaml';
import { CutwaterError } from '../errors.ts';
import { withDeepFlowLines } from './flow-lines.ts';

/** Bounds for YAML that a stranger wrote (`.prow.yaml`, OWNERS); what the operator wrote is not bounded. */
export interface YamlLimits {
  maxBytes: number;
  maxAliases: number;
  maxDepth: number;
  maxMergeKeys: number;
}

export const UNTRUSTED_LIMITS: YamlLimits = {
  maxBytes: 5 * 1024 * 1024,
  maxAliases: 200,
  maxDepth: 50,
  maxMergeKeys: 2_000,
};

const YES = new Set(['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']);
const NO = new Set(['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']);
const NULLS = new Set(['', '~', 'null', 'Null', 'NULL']);
const INTEGER = /^[-+]?(?:0[bB][01]+|0[xX][0-9a-fA-F]+|0[oO]?[0-7]*|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const DIGITS = [...'0123456789'];

const nullTag = defineScalarTag('tag:yaml.org,2002:null', {
  implicit: true,
  implicitFirstChars: ['', '~', 'n', 'N'],
  resolve: (source) => (NULLS.has(source) ? null : NOT_RESOLVED),
  identify: (value) => value === null,
});

const boolTag = defineScalarTag('tag:yaml.org,2002:bool', {
  implicit: true,
  implicitFirstChars: [...'yYnNtTfFoO'],
  resolve: (source) => (YES.has(source) ? true : NO.has(source) ? false : NOT_RESOLVED),
  identify: (value) => typeof value === 'boolean',
});

const intTag = defineScalarTag<number | bigint>('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: ['-', '+', ...DIGITS],
  resolve: (source) => goInteger(source.includes('_') ? source.replaceAll('_', '') : source) ?? NOT_RESOLVED,
  identify: (value) => Number.isInteger(value) || typeof value === 'bigint',
});

const floatTag = defineScalarTag<number>('tag:yaml.org,2002:float', {
  implicit: true,
  implicitFirstChars: ['-', '+', '.', ...DIGITS],
  resolve: (source) => goFloat(source) ?? NOT_RESOLVED,
  identify: (value) => typeof value === 'number',
});

/** A file of a stranger's is not read more often than this for lines that js-yaml wants deeper. */
const SHALLOW_LINES = 50;

/** What Go's yaml.v2 makes of plain scalars: YAML 1.1's booleans, Go's integers, dates as they stand. */
const GO_SCHEMA = FAILSAFE_SCHEMA.withTags(nullTag, boolTag, intTag, floatTag, mergeTag);

/** Go's strconv.ParseInt with base 0; beyond 2^53 a bigint, so that no digit is lost where the field is text. */
function goInteger(plain: string): number | bigint | undefined {
  if (!INTEGER.test(plain)) return undefined;
  const negative = plain.startsWith('-');
  const digits = plain.replace(/^[-+]/, '');
  const spelled = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
  const exact = BigInt(spelled);
  if (exact > 0xffff_ffff_ffff_ffffn || (negative && exact > 0x8000_0000_0000_0000n)) return undefined;
  const value = negative ? -exact : exact;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function goFloat(source: string): number | undefined {
  const special = /^([-+]?)\.(inf|Inf|INF)$/.exec(source);
  if (special) return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (source === '.nan' || source === '.NaN' || source === '.NAN') return Number.NaN;
  const plain = source.startsWith('.') ? source : source.replaceAll('_', '');
  if (!FLOAT.test(plain)) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

/**
 * The first document of `text` as Go's YAML reads it: `null` where there is none; of duplicate keys the last wins.
 * Throws `config` with `file:line:column`.
 */
export function parseYaml(text: string, file: string, limits?: YamlLimits): unknown {
  if (limits && Buffer.byteLength(text) > limits.maxBytes)
    throw new CutwaterError('config', `${file}: larger than ${limits.maxBytes} bytes`);
  const options = {
    schema: GO_SCHEMA,
    json: true,
    maxDepth: limits?.maxDepth ?? 1000,
    maxAliases: limits?.maxAliases ?? -1,
    maxTotalMergeKeys: limits?.maxMergeKeys ?? -1,
  };
  try {
    const most = limits ? SHALLOW_LINES : Number.POSITIVE_INFINITY;
    return withDeepFlowLines(text, most, (deep) => firstDocument(deep, options));
  } catch (error) {
    throw new CutwaterError('config', describe(error, file), { cause: error });
  }
}

function firstDocument(text: string, options: LoadOptions): unknown {
  try {
    const documents = text.endsWith('\n') ? loadAll(text, options) : loadUnterminated(text, options);
    return documents[0] ?? null;
  } catch (error) {
    // What comes after the first document is none of Go's business, broken or not.
    const end = secondDocument(text);
    if (end === undefined) throw error;
    return loadAll(text.slice(0, end), options)[0] ?? null;
  }
}

/** Where the second document begins: at the first marker that has content before it. */
function secondDocument(text: string): number | undefined {
  for (const { index } of text.matchAll(/^(?:---|\.\.\.)(?=\s|$)/gm))
    if (/^[^#%\s-]|^-[^-]|^ +[^#\s]/m.test(text.slice(0, index))) return index;
  return undefined;
}

/** A block scalar that the file ends in without a line break has none in Go, where js-yaml adds one. */
function loadUnterminated(text: string, options: LoadOptions): unknown[] {
  const events = parseEvents(text, options);
  const last = events.findLast((event) => event.type === EVENT_SCALAR);
  if (last?.type === EVENT_SCALAR && last.valueEnd >= text.length && isBlock(last.style))
    last.chomping = CHOMPING_STRIP;
  return constructFromEvents(events, { ...options, source: text });
}

function isBlock(style: number): boolean {
  return style === SCALAR_STYLE_LITERAL_BLOCK || style === SCALAR_STYLE_FOLDED_BLOCK;
}

function describe(error: unknown, file: string): string {
  if (!(error instanceof YAMLException)) return `${file}: ${error instanceof Error ? error.message : String(error)}`;
  const { mark, reason } = error;
  return mark ? `${file}:${mark.line + 1}:${mark.column + 1}: ${reason}` : `${file}: ${reason}`;
}
