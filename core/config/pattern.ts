import { LRUCache } from 'lru-cache';
import { RE2JS } from 're2js';
import { CutwaterError, messageOf } from '../errors.ts';

/** A pattern in RE2 syntax, matched in time linear in the text whatever the pattern is. */
export interface Pattern {
  readonly source: string;
  /** Whether the pattern matches anywhere in `text` (Go: MatchString). */
  test(text: string): boolean;
  /** The first match: the whole, then its groups (Go: FindStringSubmatch). */
  match(text: string): (string | undefined)[] | undefined;
  /** The first matches in order (Go: FindAllStringSubmatch), a hundred at most: each may take a look at all the rest of the text. */
  matchAll(text: string): (string | undefined)[][];
}

const MOST_MATCHES = 100;

/** A compiled pattern takes about 50 kB, and pull requests bring patterns of their own: without a bound somebody could fill the memory with them. */
const compiled = new LRUCache<string, Pattern>({
  max: 2_000,
  maxSize: 500_000,
  sizeCalculation: (_pattern, source) => source.length + 1,
});

/** Compiles once per distinct text: a configuration repeats the same few patterns thousands of times. Throws `config` with Go's words. */
export function compilePattern(source: string): Pattern {
  const known = compiled.get(source);
  if (known) return known;
  const pattern = compile(source);
  compiled.set(source, pattern);
  return pattern;
}

function compile(source: string): Pattern {
  let program: RE2JS;
  try {
    program = RE2JS.compile(source);
  } catch (error) {
    throw new CutwaterError('config', messageOf(error), { cause: error });
  }
  return {
    source,
    test: (text) => program.test(text),
    match(text) {
      const matcher = program.matcher(text);
      return matcher.find() ? groupsOf(matcher) : undefined;
    },
    matchAll(text) {
      const matcher = program.matcher(text);
      const found: (string | undefined)[][] = [];
      while (found.length < MOST_MATCHES && matcher.find()) found.push(groupsOf(matcher));
      return found;
    },
  };
}

function groupsOf(matcher: ReturnType<RE2JS['matcher']>): (string | undefined)[] {
  return Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index) ?? undefined);
}
