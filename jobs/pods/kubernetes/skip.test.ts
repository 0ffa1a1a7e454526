import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { skip } from './skip.ts';

const chunks = () => Readable.from([Buffer.from('abc'), Buffer.from('def'), Buffer.from('g')], { objectMode: false });

describe('a log from a byte on', () => {
  it.each([
    { from: 0, expected: 'abcdefg' },
    { from: 2, expected: 'cdefg' },
    { from: 3, expected: 'defg' },
    { from: 5, expected: 'fg' },
    { from: 9, expected: '' },
  ])('begins at byte $from', async ({ from, expected }) => {
    expect(await text(skip(chunks(), from))).toBe(expected);
  });

  it('lets go of the stream with its reader', async () => {
    const source = new Readable({ read: () => undefined });
    const closed = new Promise((resolve) => source.once('close', resolve));
    skip(source, 1).destroy();
    await closed;
    expect(source.destroyed).toBe(true);
  });

  it('passes on a failure', async () => {
    const source = new Readable({ read: () => undefined });
    const read = text(skip(source, 1));
    source.destroy(new Error('lost'));
    await expect(read).rejects.toThrow('lost');
  });
});
