import { printf } from './printf.ts';
import { entriesOf, fieldOf, isTrue, print } from './value.ts';

export type TemplateFunction = (...args: unknown[]) => unknown;

/** The functions that every Go template has; `and` and `or` are elsewhere, since they stop early. */
export const FUNCTIONS: Record<string, TemplateFunction> = {
  and: (...args) => args.find((arg) => !isTrue(arg)) ?? args.at(-1),
  or: (...args) => args.find(isTrue) ?? args.at(-1),
  not: (value, ...more) => {
    if (more.length > 0) throw new Error(`wrong number of args for not: want 1 got ${more.length + 1}`);
    return !isTrue(value);
  },
  eq: (first, ...others) => others.some((other) => equal(first, other)),
  ne: (first, second) => !equal(first, second),
  lt: (first, second) => compare(first, second) < 0,
  le: (first, second) => compare(first, second) <= 0,
  gt: (first, second) => compare(first, second) > 0,
  ge: (first, second) => compare(first, second) >= 0,
  len: lengthOf,
  index: (value, ...keys) => keys.reduce(elementOf, value),
  slice: (value, start, end) => sliceOf(value, start, end),
  print: (...args) => spaced(args),
  println: (...args) => `${args.map(print).join(' ')}\n`,
  printf: (format, ...args) => printf(String(format), args),
  html: (...args) => spaced(args).replace(/[&<>"'\0]/g, (found) => HTML[found] ?? found),
  js: (...args) => spaced(args).replace(/[\\'"<>&=]/g, (found) => JS[found] ?? found),
  urlquery: (...args) =>
    encodeURIComponent(spaced(args))
      .replace(/%20/g, '+')
      .replace(/[!'()*]/g, percent),
};

const HTML: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
  '\0': '\uFFFD',
};
const JS: Record<string, string> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
};

function percent(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16).toUpperCase()}`;
}

function equal(first: unknown, second: unknown): boolean {
  if (first === null || first === undefined) return second === null || second === undefined;
  if (second !== null && second !== undefined && typeof first !== typeof second)
    throw new Error('incompatible types for comparison');
  return first === second;
}

function compare(first: unknown, second: unknown): number {
  if (typeof first === 'number' && typeof second === 'number') return first - second;
  if (typeof first === 'string' && typeof second === 'string') return first < second ? -1 : Number(first > second);
  throw new Error('incompatible types for comparison');
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number' || typeof value === 'boolean') throw new Error(`len of type ${typeof value}`);
  return entriesOf(value).length;
}

function elementOf(value: unknown, key: unknown): unknown {
  if (value === null || value === undefined) throw new Error('index of untyped nil');
  if (!Array.isArray(value) && typeof value !== 'string') return fieldOf(value, String(key));
  if (typeof key !== 'number') throw new Error(`cannot index with ${print(key)}`);
  if (key < 0 || key >= value.length) throw new Error(`error calling index: index out of range: ${key}`);
  return typeof value === 'string' ? Buffer.from(value)[key] : value[key];
}

function sliceOf(value: unknown, start: unknown, end: unknown): unknown {
  if (typeof value !== 'string' && !Array.isArray(value)) throw new Error(`can't slice ${print(value)}`);
  const from = start === undefined ? 0 : Number(start);
  const to = end === undefined ? value.length : Number(end);
  if (from < 0 || to > value.length || from > to) throw new Error(`error calling slice: index out of range: ${to}`);
  return value.slice(from, to);
}

/** Go's print: a space between two operands where neither is text. */
function spaced(args: unknown[]): string {
  return args.reduce<string>((text, arg, index) => {
    const gap = index > 0 && typeof arg !== 'string' && typeof args[index - 1] !== 'string' ? ' ' : '';
    return text + gap + print(arg);
  }, '');
}
