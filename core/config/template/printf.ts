import { quote } from './quote.ts';
import { print } from './value.ts';

const VERB = /%([-+# 0]*)([0-9]*)(?:\.([0-9]*))?([a-zA-Z%])/g;

/** Go's fmt.Sprintf for what templates print: text, numbers, booleans and lists of them. */
export function printf(format: string, args: readonly unknown[]): string {
  let used = 0;
  const text = format.replace(VERB, (_, flags: string, width: string, precision: string | undefined, verb: string) => {
    if (verb === '%') return '%';
    if (used >= args.length) return `%!${verb}(MISSING)`;
    return pad(verbatim(verb, args[used++], precision, flags), flags, width, verb);
  });
  const extra = args.slice(used).map((arg) => `${typeof arg}=${print(arg)}`);
  return extra.length > 0 ? `${text}%!(EXTRA ${extra.join(', ')})` : text;
}

function pad(text: string, flags: string, width: string, verb: string): string {
  if (!width) return text;
  if (flags.includes('-')) return text.padEnd(Number(width));
  const zeros = flags.includes('0') && 'dxXobfeg'.includes(verb);
  return text.padStart(Number(width), zeros ? '0' : ' ');
}

function verbatim(verb: string, value: unknown, precision: string | undefined, flags: string): string {
  if (typeof value === 'number') return number(verb, value, precision, flags);
  if (typeof value === 'string') return string(verb, value, precision);
  if (typeof value === 'boolean') return 'tv'.includes(verb) ? String(value) : wrong(verb, 'bool', value);
  return 'vs'.includes(verb) ? print(value) : wrong(verb, typeof value, value);
}

function string(verb: string, value: string, precision: string | undefined): string {
  const cut = precision === undefined ? value : [...value].slice(0, Number(precision)).join('');
  if (verb === 's' || verb === 'v') return cut;
  if (verb === 'q') return quote(cut);
  if (verb === 'x' || verb === 'X') return hex(Buffer.from(value).toString('hex'), verb);
  return wrong(verb, 'string', value);
}

function number(verb: string, value: number, precision: string | undefined, flags: string): string {
  const sign = flags.includes('+') && value >= 0 ? '+' : '';
  if (verb === 'v' || (verb === 'd' && Number.isInteger(value))) return sign + String(value);
  if (verb === 'f' && !Number.isInteger(value)) return sign + value.toFixed(Number(precision ?? 6));
  if (verb === 'g' && !Number.isInteger(value)) return sign + String(value);
  if (verb === 'x' || verb === 'X') return hex(value.toString(16), verb);
  if (verb === 'o') return value.toString(8);
  if (verb === 'b') return value.toString(2);
  if (verb === 'c') return String.fromCodePoint(value);
  if (verb === 'q') return `'${String.fromCodePoint(value)}'`;
  return wrong(verb, Number.isInteger(value) ? 'int' : 'float64', value);
}

function hex(text: string, verb: string): string {
  return verb === 'X' ? text.toUpperCase() : text;
}

function wrong(verb: string, type: string, value: unknown): string {
  return `%!${verb}(${type}=${print(value)})`;
}
