/** A piece of a line in one style: its text, and class names or nothing. */
export type Segment = [text: string] | [text: string, style: string];

type Colour = 'failure' | 'success' | 'pending' | 'accent' | 'error' | 'text-3';

interface Style {
  colour: Colour | null;
  ground: Colour | null;
  bold: boolean;
  dim: boolean;
  underlined: boolean;
}

const PLAIN: Style = { colour: null, ground: null, bold: false, dim: false, underlined: false };

// Black and white stay the text's own colour: on one of the two themes they would not be legible.
const BASIC: readonly (Colour | null)[] = [null, 'failure', 'success', 'pending', 'accent', 'error', 'accent', null];

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are made of them
const SGR = /\u001b\[([\d;:]*)m/g;

/** One line as pieces with styles: colours become the page's tokens, every other control character is shown and never obeyed. */
export function segmentsOf(line: string): Segment[] {
  const segments: Segment[] = [];
  let style = PLAIN;
  let at = 0;
  for (const match of line.matchAll(SGR)) {
    push(segments, line.slice(at, match.index), style);
    style = applied(style, match[1] ?? '');
    at = match.index + match[0].length;
  }
  push(segments, line.slice(at), style);
  return segments;
}

function push(segments: Segment[], text: string, style: Style): void {
  if (text === '') return;
  const names = classesOf(style);
  segments.push(names === '' ? [visible(text)] : [visible(text), names]);
}

function classesOf(style: Style): string {
  const names = [
    style.colour && `tone-${style.dim ? 'text-3' : style.colour}`,
    style.dim && !style.colour && 'tone-text-3',
    style.ground && style.ground !== 'text-3' && `soft-${style.ground}`,
    style.bold && 'bold',
    style.underlined && 'underlined',
  ];
  return names.filter(Boolean).join(' ');
}

// Control characters, and those that turn the direction of writing around and so could show another text than there is.
// biome-ignore lint/suspicious/noControlCharactersInRegex: showing them is what this is for
const HIDDEN = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

function visible(text: string): string {
  return text.replace(HIDDEN, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20 || code === 0x7f) return `^${String.fromCharCode(code ^ 0x40)}`;
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

function applied(before: Style, codes: string): Style {
  const numbers = codes.split(/[;:]/).map(Number);
  let style = before;
  for (let index = 0; index < numbers.length; index++) {
    const code = numbers[index] ?? 0;
    if (code === 38 || code === 48) {
      const { colour, used } = extended(numbers.slice(index + 1));
      style = { ...style, [code === 38 ? 'colour' : 'ground']: colour };
      index += used;
    } else style = simple(style, code);
  }
  return style;
}

function simple(style: Style, code: number): Style {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 4) return { ...style, underlined: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 24) return { ...style, underlined: false };
  if (code === 39) return { ...style, colour: null };
  if (code === 49) return { ...style, ground: null };
  if (code === 90) return { ...style, colour: 'text-3' };
  if (code >= 30 && code <= 37) return { ...style, colour: BASIC[code - 30] ?? null };
  if (code >= 91 && code <= 97) return { ...style, colour: BASIC[code - 90] ?? null };
  if (code >= 40 && code <= 47) return { ...style, ground: BASIC[code - 40] ?? null };
  if (code >= 101 && code <= 107) return { ...style, ground: BASIC[code - 100] ?? null };
  return style;
}

/** `5;n` of 256 colours or `2;r;g;b`, as the nearest of the page's own. */
function extended([kind, ...rest]: number[]): { colour: Colour | null; used: number } {
  if (kind === 2) return { colour: nearest(rest[0] ?? 0, rest[1] ?? 0, rest[2] ?? 0), used: 4 };
  if (kind !== 5) return { colour: null, used: 1 };
  const number = rest[0] ?? 0;
  if (number < 16) return { colour: number === 8 ? 'text-3' : (BASIC[number % 8] ?? null), used: 2 };
  if (number >= 232) return { colour: number < 250 ? 'text-3' : null, used: 2 };
  const level = (place: number) => Math.floor((number - 16) / place) % 6;
  const scale = (value: number) => (value === 0 ? 0 : 55 + value * 40);
  return { colour: nearest(scale(level(36)), scale(level(6)), scale(level(1))), used: 2 };
}

/** By hue; what has none is grey or the text's own colour. */
function nearest(red: number, green: number, blue: number): Colour | null {
  const most = Math.max(red, green, blue);
  const spread = most - Math.min(red, green, blue);
  if (spread < 40) return most > 60 && most < 200 ? 'text-3' : null;
  const hue = hueOf(red, green, blue, most, spread);
  if (hue < 20 || hue >= 340) return 'failure';
  if (hue < 70) return 'pending';
  if (hue < 165) return 'success';
  return hue < 260 ? 'accent' : 'error';
}

function hueOf(red: number, green: number, blue: number, most: number, spread: number): number {
  if (most === red) return (60 * ((green - blue) / spread) + 360) % 360;
  return most === green ? 60 * ((blue - red) / spread) + 120 : 60 * ((red - green) / spread) + 240;
}
