import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { textOf } from '../../../core/storage/index.ts';
import { Censor } from './censor.ts';
import { needlesFor } from './needles.ts';

const censor = (secrets: string[], minimum = 0) =>
  new Censor(
    needlesFor(
      secrets.map((secret) => Buffer.from(secret)),
      minimum,
    ),
  );
const text = 'secret SECRET c2VjcmV0 sEcReT';

describe('what is struck out', () => {
  it.each([
    { name: 'nothing without secrets', secrets: [], input: text, output: text },
    { name: 'the secret and its base64', secrets: ['secret'], input: text, output: 'XXXXXX SECRET XXXXXXXX sEcReT' },
    {
      name: 'not the space around it',
      secrets: ['\t\tsecret      '],
      input: text,
      output: 'XXXXXX SECRET XXXXXXXX sEcReT',
    },
    { name: 'not mere space', secrets: ['\t  \n'], input: text, output: text },
    {
      name: 'each of several',
      secrets: ['secret', 'SECRET', 'sEcReT'],
      input: text,
      output: 'XXXXXX XXXXXX XXXXXXXX XXXXXX',
    },
    { name: 'no booleans', secrets: ['true', 'False'], input: 'true False', output: 'true False' },
    { name: 'overlapping secrets whole', secrets: ['abcd', 'cdef'], input: '-abcdef-', output: '-XXXXXX-' },
    { name: 'a secret that overlaps itself', secrets: ['aba'], input: 'ababa', output: 'XXXXX' },
    { name: 'base64 of the untrimmed file', secrets: ['hunter22\n'], input: 'aHVudGVyMjIK', output: 'X'.repeat(12) },
    {
      name: 'a URL-encoded form',
      secrets: ['p@ss word/1'],
      input: 'u=p%40ss%20word%2F1&v=p%40ss+word%2F1',
      output: `u=${'X'.repeat(17)}&v=${'X'.repeat(15)}`,
    },
    {
      name: 'a form inside JSON',
      secrets: ['line"quote\nnext'],
      input: '{"a":"line\\"quote\\nnext"}',
      output: `{"a":"${'X'.repeat(17)}"}`,
    },
    {
      name: 'hexadecimal',
      secrets: ['password'],
      input: '70617373776F7264 70617373776f7264',
      output: `${'X'.repeat(16)} ${'X'.repeat(16)}`,
    },
  ])('$name', ({ secrets, input, output }) => {
    expect(censor(secrets).censored(input)).toBe(output);
  });

  it('a secret inside an Authorization header, wherever it begins', () => {
    for (const user of ['a', 'ab', 'abc', 'abcd']) {
      const header = Buffer.from(`${user}:correct-horse-battery`).toString('base64');
      expect(
        Buffer.from(censor(['correct-horse-battery']).censored(header), 'base64').toString('latin1'),
      ).not.toContain('horse');
    }
  });

  it('the lines of a key by themselves', () => {
    const line = 'MIIEpAIBAAKCAQEAxJ7v8r3n2k4m5p6q7r8s9t0u1v2w3x4y5z6A7B8C9D0E1F2G';
    const key = `-----BEGIN KEY-----\n${line}\n-----END KEY-----\n`;
    expect(censor([key]).censored(`  ${line}\r\n`)).toBe(`  ${'X'.repeat(line.length)}\r\n`);
  });

  it('nothing shorter than the minimum', () => {
    expect(censor(['abc', 'abcdef'], 5).censored('abc abcdef')).toBe('abc XXXXXX');
  });
});

describe('a censored stream', () => {
  const secrets = ['needle', 'a longer needle in the stack', 'dle-and-more'];
  const input = `${'x'.repeat(50)}needle-and-more${'y'.repeat(30)}a longer needle in the stack${'z'.repeat(20)}needl`;

  it.each([1, 2, 3, 5, 7, 16, 64, 1000])('is the same in pieces of %i bytes', async (size) => {
    const pieces = Array.from({ length: Math.ceil(input.length / size) }, (_, i) =>
      Buffer.from(input.slice(i * size, (i + 1) * size)),
    );
    const whole = censor(secrets).censored(input);
    expect(await textOf(Readable.from(pieces).pipe(censor(secrets).stream()))).toBe(whole);
    expect(whole).toBe(`${'x'.repeat(50)}${'X'.repeat(15)}${'y'.repeat(30)}${'X'.repeat(28)}${'z'.repeat(20)}needl`);
  });

  it.each([6, 40])('is the same for random texts, pieces and secrets of up to %i letters', async (longest) => {
    let seed = 42;
    const random = (limit: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % limit;
    };
    const word = (length: number) => Array.from({ length }, () => 'ab'[random(2)]).join('');
    for (let round = 0; round < 200; round++) {
      const secrets = Array.from({ length: 4 }, () => `${word(1 + random(longest))}b`);
      const mine = censor(secrets);
      const whole = word(random(200)) + secrets.map((secret) => secret + word(random(9))).join('');
      const pieces: Buffer[] = [];
      for (let at = 0; at < whole.length; ) {
        const length = 1 + random(20);
        pieces.push(Buffer.from(whole.slice(at, at + length)));
        at += length;
      }
      expect(mine.censored(whole)).toBe(struckOut(whole, secrets));
      expect(await textOf(Readable.from(pieces).pipe(mine.stream()))).toBe(mine.censored(whole));
    }
  });
});

/** Byte by byte, for what consists of letters a and b alone, where no other form of a secret can stand. */
function struckOut(text: string, secrets: string[]): string {
  const out = [...text];
  for (const secret of secrets) {
    for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1))
      out.fill('X', at, at + secret.length);
  }
  return out.join('');
}
