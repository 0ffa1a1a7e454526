/** A theme's colours by token, such as `{ page: '#f5f7f9' }`. */
export type Tokens = Record<string, string>;

/** The colours of each block of a style sheet of tokens, by what stands before the block. */
export function themesOf(css: string): { light: Tokens; systemDark: Tokens; chosenDark: Tokens } {
  return {
    light: tokensIn(css, ':root {'),
    systemDark: tokensIn(css, ':root:not([data-theme="light"]) {'),
    chosenDark: tokensIn(css, ':root[data-theme="dark"] {'),
  };
}

function tokensIn(css: string, start: string): Tokens {
  const from = css.indexOf(start);
  if (from < 0) throw new Error(`no block ${start}`);
  const block = css.slice(from, css.indexOf('}', from));
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
  );
}

/** WCAG 2's contrast ratio of two colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const GROUNDS = ['page', 'surface', 'sunken', 'raised', 'hover', 'selected'];
const STATES = ['scheduling', 'triggered', 'pending', 'success', 'failure', 'aborted', 'error', 'merged'];
const TEXTS = ['text', 'text-2', 'text-3', 'accent', 'accent-strong'];

/** Every pair that the pages show, with the least contrast that it must have: 4.5 for text, 3 for borders and marks. */
export function pairs(): { front: string; ground: string; least: number }[] {
  const on = (fronts: string[], grounds: string[], least: number) =>
    fronts.flatMap((front) => grounds.map((ground) => ({ front, ground, least })));
  return [
    ...on([...TEXTS, ...STATES], GROUNDS, 4.5),
    ...on(
      TEXTS,
      STATES.map((state) => `${state}-soft`),
      4.5,
    ),
    ...STATES.map((state) => ({ front: state, ground: `${state}-soft`, least: 4.5 })),
    ...on(['on-accent'], ['accent', 'accent-strong'], 4.5),
    ...on(['line-strong'], GROUNDS, 3),
  ];
}
