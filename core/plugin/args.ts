/** What may follow a command's name on its line: how it is read, and how it is shown in the usage. */
export interface Args<T> {
  /** `[reason]`, `<label>`, or nothing. */
  usage: string;
  /**
   * The text behind the name, trimmed, into a value; undefined: this line is not the command (silence, as in Prow). `line` is the whole line, trimmed,
   * for the few commands of Prow's that count the blanks in it.
   */
  parse(text: string, line: string): T | undefined;
}

/** Nothing may follow. */
export const none: Args<true> = { usage: '', parse: (text) => (text === '' ? true : undefined) };

/** Anything may follow, or nothing. */
export function rest(name: string): Args<string> {
  return { usage: `[${name}]`, parse: (text) => text };
}

/** Something must follow; it is taken whole. */
export function text(name: string): Args<string> {
  return { usage: `<${name}>`, parse: (given) => (given === '' ? undefined : given) };
}

/** Any number of words, none included. */
export function words(name: string): Args<string[]> {
  return { usage: `[${name}…]`, parse: (given) => given.split(/[ \t]+/).filter((word) => word !== '') };
}

/** One of these words (compared without regard to case). */
export function oneOf<const T extends string>(...choices: readonly T[]): Args<T> {
  return {
    usage: `<${choices.join('|')}>`,
    parse: (given) => choices.find((choice) => choice.toLowerCase() === given.toLowerCase()),
  };
}

/** What `pattern` matches as a whole; its first group, or all of it. The pattern is our own literal, never one from outside. */
export function like(usage: string, pattern: RegExp): Args<string> {
  return {
    usage,
    parse(given) {
      const match = pattern.exec(given);
      return match ? (match[1] ?? match[0]) : undefined;
    },
  };
}
