/** Numbers between 0 and 1 that are the same in every run (a linear congruence, which is random enough to choose what to break). */
export function fixedRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

type Holder = Record<string, unknown>;

const WRONG: readonly (() => unknown)[] = [
  () => undefined,
  () => null,
  () => '',
  () => 0,
  () => -1,
  () => 1e308,
  () => true,
  () => [],
  () => ({}),
  () => [null, 1, 'x', {}],
  () => ({ login: 7, name: null, sha: [] }),
  () => 'x'.repeat(60_000),
  () => '../../../etc/passwd',
  () => '--upload-pack=x',
  () => '__proto__',
  () => '\u0000\ud800\u202e',
];

/** A copy with `count` of its fields removed or replaced by what does not belong there. */
export function spoilt<T extends object>(payload: T, random: () => number, count: number): T {
  const copy = structuredClone(payload);
  for (let left = count; left > 0; left--) {
    const places = placesIn(copy as Holder);
    const place = places[Math.floor(random() * places.length)];
    if (place) place.holder[place.key] = WRONG[Math.floor(random() * WRONG.length)]?.();
  }
  return copy;
}

function placesIn(value: unknown): { holder: Holder; key: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Holder;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key])]);
}

const SIZE = 60_000;
const filled = (piece: string): string => piece.repeat(Math.ceil(SIZE / piece.length)).slice(0, SIZE);

const FENCES = ['~', '`'];
/** What a dot in a pattern does not match. */
const ENDS = ['\r', '\u2028'];

/** Comments as long as GitHub allows that make careless patterns and parsers try again and again. */
export function hostileComments(commands: readonly string[]): string[] {
  const pieces = [
    'a',
    ' ',
    '\t',
    '\n',
    '\r\n',
    '/',
    '`',
    '```\n',
    '~~~\n',
    '> ',
    '<!--',
    '-->',
    '<',
    '[',
    '](',
    '@',
    '@a ',
    '#1 ',
    '"',
    '"a" ',
    '\\',
    '* ',
    '- [ ] ',
    '\u00a0',
    'é',
    '😀',
    '&#',
    'fixes #1 ',
    'sig/',
    '/test ',
    '/',
  ];
  const alone = [...pieces.map(filled), ...ENDS.flatMap((end) => FENCES.map((fence) => `${filled(fence)}${end}x`))];
  const behind = commands.flatMap((name) => ['a ', ' '].map((piece) => `/${name} ${filled(piece)}`));
  const lines = commands.map((name) => filled(`/${name} a\n`));
  return [
    ...alone,
    ...behind,
    ...lines,
    '```release-note\n'.concat(filled('a\r\n')),
    '```release-note'.concat(filled(' ')),
  ];
}
