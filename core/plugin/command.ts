import type { Args } from './args.ts';
import type { CommandContext } from './context.ts';
import type { Said } from './said.ts';
import type { Who } from './who.ts';

/** A command, said once: what matches it, what /plugin-help and the docs say of it, and what it does all come from here. */
export interface CommandSpec<T> {
  /** Without the slash; the first one is shown in help. Spaces in a name stand for any white space: `hold cancel`. */
  names: readonly [string, ...string[]];
  args: Args<T>;
  /** Where it works; elsewhere it meets silence, as in Prow. */
  on: 'pr' | 'issue' | 'both';
  /** Only while the issue or pull request is open; it is unless said otherwise. */
  evenClosed?: boolean;
  /** Not in descriptions and reviews. */
  commentsOnly?: boolean;
  /** Whether `/Hold` is `/hold`, as it is for most commands; a few of Prow's know lower case only. */
  exactCase?: boolean;
  who: Who;
  help: string;
  examples: readonly [string, ...string[]];
  /** Shown first on the help page. */
  featured?: boolean;
}

export interface Command<T = unknown> extends CommandSpec<T> {
  /** Every line of `text` (see commandText) on which this command stands, in order. */
  said(text: string): Said<T>[];
  run?: (context: CommandContext<T>) => Promise<void>;
}

const isSpace = (char: string | undefined): boolean => char !== undefined && ' \t\r\f\v'.includes(char);

/** Makes the matcher of a command. A plain object of data goes in, so that nothing about a command is written twice. */
export function createCommand<T>(spec: CommandSpec<T>, run?: Command<T>['run']): Command<T> {
  const names = spec.names.map((name) => (spec.exactCase ? name : name.toLowerCase()).split(' '));
  names.sort((a, b) => b.length - a.length || b.join().length - a.join().length);
  return {
    ...spec,
    ...(run && { run }),
    // Most comments hold no command at all, and each of a hundred commands is asked.
    said: (text) => (mayCommand(text) ? text.split('\n').flatMap((line) => saidOn(line, names, spec)) : []),
  };
}

function mayCommand(text: string): boolean {
  return text.startsWith('/') || text.includes('\n/');
}

function saidOn<T>(line: string, names: string[][], spec: CommandSpec<T>): Said<T>[] {
  if (!line.startsWith('/')) return [];
  const trimmed = trimSpace(line);
  for (const name of names) {
    const behind = textBehind(trimmed, name, spec.exactCase ?? false);
    if (behind === undefined) continue;
    const args = spec.args.parse(behind, trimmed);
    if (args !== undefined) return [{ name: name.join(' '), args, line: trimmed }];
  }
  return [];
}

/** What follows the name's words on the line; undefined where the line begins otherwise. */
function textBehind(line: string, name: string[], exactCase: boolean): string | undefined {
  let left = line.slice(1);
  for (const [index, word] of name.entries()) {
    if (index > 0) {
      if (!isSpace(left[0])) return undefined;
      left = trimSpace(left);
    }
    const head = left.slice(0, word.length);
    if ((exactCase ? head : head.toLowerCase()) !== word) return undefined;
    left = left.slice(word.length);
  }
  if (left !== '' && !isSpace(left[0])) return undefined;
  return trimSpace(left);
}

/** Go's white space only: a non-breaking space is none. No pattern, which would take quadratic time on a long row of blanks. */
function trimSpace(line: string): string {
  let start = 0;
  let end = line.length;
  while (isSpace(line[start])) start++;
  while (end > start && isSpace(line[end - 1])) end--;
  return line.slice(start, end);
}
