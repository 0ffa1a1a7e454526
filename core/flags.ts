import { formatDuration, parseDuration } from './config/duration.ts';
import { CutwaterError } from './errors.ts';

/** One flag of the command line: how it is read, what it is unless given, and what it is for. */
export interface Flag<T> {
  help: string;
  initial: T;
  /** Shown in the usage: `=FILE`; empty for switches. */
  value: string;
  /** The new value after the flag was given once more. */
  read(text: string, before: T): T;
}

type Flags = Readonly<Record<string, Flag<unknown>>>;
export type FlagValues<F extends Flags> = { [K in keyof F]: F[K] extends Flag<infer T> ? T : never };

/** An empty text is none, as where Go's flags have it for their default. */
export function stringFlag(help: string, value = 'TEXT'): Flag<string | undefined> {
  return { help, value, initial: undefined, read: (text) => text || undefined };
}

/** May be given several times. */
export function listFlag(help: string, value = 'TEXT'): Flag<readonly string[]> {
  return { help, value, initial: [], read: (text, before) => [...before, text] };
}

/** `--name`, `--name=true`, `--name=false`. */
export function boolFlag(help: string, initial = false): Flag<boolean> {
  return {
    help,
    initial,
    value: '',
    read(text) {
      if (/^(1|t|true)$/i.test(text)) return true;
      if (/^(0|f|false)$/i.test(text)) return false;
      throw new CutwaterError('usage', `${JSON.stringify(text)} is neither true nor false`);
    },
  };
}

export function intFlag(help: string): Flag<number | undefined> {
  return {
    help,
    initial: undefined,
    value: 'N',
    read(text) {
      if (!/^[+-]?\d+$/.test(text)) throw new CutwaterError('usage', `${JSON.stringify(text)} is no whole number`);
      return Number(text);
    },
  };
}

/** Go's durations; the value is in milliseconds. */
export function durationFlag(help: string, initial: string): Flag<number> {
  return { help, value: 'DURATION', initial: parseDuration(initial), read: (text) => parseDuration(text) };
}

/** One of a few words. */
export function choiceFlag<const T extends string, D extends T | undefined>(
  help: string,
  choices: readonly T[],
  initial: D,
): Flag<T | D> {
  return {
    help,
    initial,
    value: choices.join('|'),
    read(text) {
      // As where Go's flags are text: none.
      if (text === '' && initial === undefined) return initial;
      const chosen = choices.find((choice) => choice === text);
      if (chosen === undefined)
        throw new CutwaterError('usage', `${JSON.stringify(text)} is none of ${choices.join(', ')}`);
      return chosen;
    },
  };
}

/** Reads flags as Go's flag package does: one dash or two, `--name=value` or `--name value`, switches without a value. Throws `usage`. */
export function parseFlags<F extends Flags>(
  flags: F,
  argv: readonly string[],
): { values: FlagValues<F>; rest: string[] } {
  const values: Record<string, unknown> = Object.fromEntries(
    Object.entries(flags).map(([name, { initial }]) => [name, initial]),
  );
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? '';
    const [, name, given] = /^--?([^-=][^=]*)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (name === undefined)
      return { values: values as FlagValues<F>, rest: argv.slice(word === '--' ? index + 1 : index) };
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (!flag) throw new CutwaterError('usage', `unknown flag --${name}${nearest(name, Object.keys(flags))}`);
    const text = given ?? (flag.value === '' ? 'true' : argv[++index]);
    if (text === undefined) throw new CutwaterError('usage', `--${name} needs a value`);
    values[name] = readOne(name, flag, text, values[name]);
  }
  return { values: values as FlagValues<F>, rest: [] };
}

/** The same where a command takes flags alone. Go leaves what follows a stray word unread without a word, `--dry-run true` among them; here that is `usage`. */
export function parseFlagsAlone<F extends Flags>(flags: F, argv: readonly string[]): FlagValues<F> {
  const { values, rest } = parseFlags(flags, argv);
  if (rest.length === 0) return values;
  const hint = 'flags are given as --name=value, and switches as --name or --name=false';
  throw new CutwaterError('usage', `unexpected argument ${JSON.stringify(rest[0])}: ${hint}`);
}

function readOne(name: string, flag: Flag<unknown>, text: string, before: unknown): unknown {
  try {
    return flag.read(text, before);
  } catch (error) {
    throw new CutwaterError('usage', `--${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** ` (did you mean --config-path?)`, where one flag is spelt nearly so. */
function nearest(name: string, known: string[]): string {
  const close = known.find(
    (candidate) =>
      candidate.startsWith(name) ||
      name.startsWith(candidate) ||
      candidate.replaceAll('-', '') === name.replaceAll('_', '').replaceAll('-', '').toLowerCase(),
  );
  return close ? ` (did you mean --${close}?)` : '';
}

/** One line a flag, for `--help`. */
export function describeFlags(flags: Flags): string {
  const lines = Object.entries(flags).map(([name, { value, help, initial }]) => {
    const shown =
      typeof initial === 'number'
        ? formatDuration(initial)
        : Array.isArray(initial) || initial === undefined || initial === false
          ? ''
          : String(initial);
    return `  --${name}${value && `=${value}`}\n      ${help}${shown && ` (${shown})`}`;
  });
  return lines.join('\n');
}
