import { expect, test } from 'vitest';
import { rememberContents } from './contents.ts';
import { ownersContent } from './read.ts';

const FILENAMES = { owners: 'OWNERS', aliases: 'OWNERS_ALIASES' };
const contentOf = (files: number) =>
  ownersContent(
    'sha',
    FILENAMES,
    Array.from({ length: files }, (_, n) => ({ path: `${n}/OWNERS`, kind: 'owners' as const, text: 'labels: [x]' })),
  );

/** Asks for contents of so many files, and tells which were read anew. */
async function asked(contents: Record<string, number>, keys: string[]): Promise<string[]> {
  const remembered = rememberContents(100);
  const read: string[] = [];
  for (const key of keys) {
    const content = await remembered(key, async () => {
      read.push(key);
      return contentOf(contents[key] ?? 0);
    });
    expect(content.files.size).toBe(contents[key]);
  }
  return read;
}

test.each<[what: string, contents: Record<string, number>, keys: string[], read: string[]]>([
  ['what is known is not read again', { a: 40, b: 40 }, ['a', 'b', 'a', 'b'], ['a', 'b']],
  [
    'the oldest goes where there are too many files',
    { a: 40, b: 40, c: 40 },
    ['a', 'b', 'c', 'b', 'a'],
    ['a', 'b', 'c', 'a'],
  ],
  ['many small ones stay', { a: 1, b: 2, c: 3, d: 40 }, ['a', 'b', 'c', 'd', 'a', 'b', 'c', 'd'], ['a', 'b', 'c', 'd']],
  ['one that is too large is read, and not kept', { a: 200 }, ['a', 'a'], ['a', 'a']],
])('%s', async (_what, contents, keys, read) => {
  expect(await asked(contents, keys)).toEqual(read);
});

test('those who ask meanwhile wait for the same, and a failure is not kept', async () => {
  const remembered = rememberContents();
  let times = 0;
  const failing = async () => {
    times++;
    throw new Error('502');
  };
  const both = await Promise.allSettled([remembered('a', failing), remembered('a', failing)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(times).toBe(1);
  expect((await remembered('a', async () => contentOf(1))).files.size).toBe(1);
});
