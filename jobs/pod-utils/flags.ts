import { parseDuration } from '../../core/config/duration.ts';
import { CutwaterError } from '../../core/errors.ts';

/** How one flag is read: `list` may be given several times; durations are Go's (`2h0m0s`) and come back as nanoseconds. */
export type FlagKind = 'string' | 'bool' | 'int' | 'duration' | 'list';
export type FlagValue = string | boolean | number | string[];

/** Somebody asked for `--help`; the message lists the flags. */
export class HelpWanted extends Error {}

const SHOWN: Record<FlagKind, string> = {
  string: '=TEXT',
  bool: '',
  int: '=N',
  duration: '=DURATION',
  list: '=TEXT (may be repeated)',
};

/**
 * Reads flags as Go's flag package does: one dash or two, `--name=value` or `--name value`, bools without a value,
 * and an end at `--` or at the first word that is no flag. Throws `usage`, and HelpWanted.
 */
export function parseFlags<Name extends string>(
  argv: readonly string[],
  kinds: Record<Name, FlagKind>,
): { values: Partial<Record<Name, FlagValue>>; rest: string[] } {
  const values: Partial<Record<Name, FlagValue>> = {};
  let index = 0;
  while (index < argv.length) {
    const word = argv[index] ?? '';
    const match = /^--?([^-=][^=]*)(?:=([\s\S]*))?$/.exec(word);
    if (word === '--') return { values, rest: argv.slice(index + 1) };
    if (!match) break;
    const name = match[1] as Name;
    const kind = kinds[name];
    if (kind === undefined && /^h(elp)?$/.test(name)) {
      const known = Object.entries(kinds) as [Name, FlagKind][];
      throw new HelpWanted(known.map(([flag, shown]) => `  --${flag}${SHOWN[shown]}`).join('\n'));
    }
    if (kind === undefined) throw new CutwaterError('usage', `flag provided but not defined: -${name}`);
    let text = match[2];
    if (text === undefined && kind !== 'bool') text = argv[++index];
    if (text === undefined && kind !== 'bool') throw new CutwaterError('usage', `flag needs an argument: -${name}`);
    values[name] = kind === 'list' ? [...((values[name] as string[]) ?? []), text ?? ''] : convert(name, kind, text);
    index++;
  }
  return { values, rest: argv.slice(index) };
}

function convert(name: string, kind: FlagKind, text: string | undefined): FlagValue {
  if (kind === 'bool') {
    if (text === undefined || /^(1|t|T|true|TRUE|True)$/.test(text)) return true;
    if (/^(0|f|F|false|FALSE|False)$/.test(text)) return false;
    throw new CutwaterError('usage', `invalid boolean value ${JSON.stringify(text)} for -${name}`);
  }
  if (kind === 'int') {
    if (!/^[+-]?\d+$/.test(text ?? '')) {
      throw new CutwaterError('usage', `invalid value ${JSON.stringify(text)} for flag -${name}: parse error`);
    }
    return Number(text);
  }
  return kind === 'duration' ? Math.round(parseDuration(text ?? '') * 1e6) : (text ?? '');
}
