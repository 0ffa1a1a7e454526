import { describe, expect, test } from 'vitest';
import { CutwaterError } from '../errors.ts';
import { createAttemptJournal, type JournalLine } from './journal.ts';

function disk() {
  const lines: JournalLine[] = [];
  return {
    lines,
    append: async (more: JournalLine[]) => void lines.push(...(JSON.parse(JSON.stringify(more)) as JournalLine[])),
  };
}

const dies = () => Promise.reject(new CutwaterError('transient', 'the process died here'));

describe('a second attempt continues the first', () => {
  test('what was seen before a write is seen again', async () => {
    const { lines, append } = disk();
    const first = createAttemptJournal([], append);
    await first.state('labels.list', async () => ['area/x']);
    await first.write('labels.remove', async () => undefined);
    const second = createAttemptJournal(lines, append);
    expect(await second.state('labels.list', async () => [])).toEqual(['area/x']);
  });

  test('what was done is not done again, and answers as it did', async () => {
    const { lines, append } = disk();
    await createAttemptJournal([], append).write('comments.create', async () => ({ id: 7 }));
    expect(await createAttemptJournal(lines, append).write('comments.create', dies)).toEqual({ id: 7 });
  });

  test('the same call made twice is two calls', async () => {
    const { lines, append } = disk();
    const first = createAttemptJournal([], append);
    await first.write('comments.create', async () => ({ id: 1 }));
    await expect(first.write('comments.create', dies)).rejects.toThrow('died');
    const second = createAttemptJournal(lines, append);
    expect(await second.write('comments.create', dies)).toEqual({ id: 1 });
    expect(await second.write('comments.create', async () => ({ id: 2 }))).toEqual({ id: 2 });
  });

  test('what GitHub refused is refused again, with its status', async () => {
    const { lines, append } = disk();
    const refuse = () =>
      Promise.reject(Object.assign(new CutwaterError('invalid', 'Validation Failed'), { status: 422 }));
    await expect(createAttemptJournal([], append).write('issue.assign', refuse)).rejects.toThrow('Validation Failed');
    await expect(createAttemptJournal(lines, append).write('issue.assign', async () => 'done')).rejects.toMatchObject({
      status: 422,
    });
  });
});

describe('an unknown outcome', () => {
  test('is looked for where it must not be repeated', async () => {
    const { lines, append } = disk();
    await expect(createAttemptJournal([], append, () => 5).write('comments.create', dies)).rejects.toThrow();
    const found = await createAttemptJournal(lines, append).write('comments.create', dies, async (since) => ({
      id: since.getTime(),
    }));
    expect(found).toEqual({ id: 5 });
    expect(lines.at(-1)).toEqual({ call: 'comments.create', did: { id: 5 } });
  });

  test('is done again where nothing is found', async () => {
    const { lines, append } = disk();
    await expect(createAttemptJournal([], append).write('comments.create', dies)).rejects.toThrow();
    const made = await createAttemptJournal(lines, append).write(
      'comments.create',
      async () => ({ id: 9 }),
      async () => undefined,
    );
    expect(made).toEqual({ id: 9 });
  });
});

test('nothing is kept while nothing is written', async () => {
  const { lines, append } = disk();
  const journal = createAttemptJournal([], append);
  await journal.state('labels.list', async () => ['a']);
  expect(lines).toEqual([]);
  expect(journal.acted).toBe(false);
});
