import path from 'node:path';
import { CutwaterError } from '../../core/errors.ts';
import type { DeadLetter, Outbox } from '../../core/external/letter.ts';
import { visitOutbox } from '../../core/external/open.ts';
import { choiceFlag, describeFlags, intFlag, parseFlags, stringFlag } from '../../core/flags.ts';
import { createLogger } from '../../core/log.ts';
import { table, write, writeLines } from '../config/output.ts';

const FLAGS = {
  'data-dir': stringFlag('where the outbox is (.cutwater)', 'DIR'),
  'database-url': stringFlag('the PostgreSQL that the outbox is in, where replicas share it', 'URL'),
  limit: intFlag('how many are listed, the oldest first (100)'),
  format: choiceFlag('a table for people, or a record a line for programs', ['table', 'jsonl'], 'table'),
};

const USAGE = `usage: cutwater outbox list [FLAGS]
       cutwater outbox retry|drop [FLAGS] NUMBER…

list   the events for external plugins that were given up, and why
retry  sends one again
drop   forgets one

The program may be running; it takes up what is to be sent again within a minute, or when it starts.
`;

const DECISIONS: Readonly<Record<string, 'retry' | 'drop'>> = { retry: 'retry', drop: 'drop' };

/** `cutwater outbox`: looks at the dead letters to external plugins and decides about them. */
export async function run(argv: string[]): Promise<number> {
  const [word = '', ...others] = argv;
  if (argv.includes('--help')) {
    await write(`${USAGE}\n${describeFlags(FLAGS)}\n`);
    return 0;
  }
  const decision = Object.hasOwn(DECISIONS, word) ? DECISIONS[word] : undefined;
  if (!decision && word !== 'list') throw new CutwaterError('usage', 'outbox takes one of list, retry, drop');
  const { values, rest } = parseFlags(FLAGS, others);
  if (decision ? rest.length === 0 : rest.length > 0)
    throw new CutwaterError('usage', 'outbox retry and drop take numbers of the list after the flags, list takes none');
  const dataDir = path.resolve(values['data-dir'] ?? '.cutwater');
  const log = createLogger('outbox', 'error');
  const outbox = await visitOutbox({ dataDir, databaseUrl: values['database-url'], log });
  try {
    if (!decision) await list(await outbox.dead(values.limit ?? 100), values.format);
    else for (const number of rest) await decide(outbox, decision, number);
  } finally {
    await outbox.close();
  }
  return 0;
}

async function list(letters: DeadLetter[], format: string): Promise<void> {
  if (format === 'jsonl') return writeLines(letters);
  if (letters.length === 0) return write('the outbox has no dead letters\n');
  await write(table([['NUMBER', 'PLUGIN', 'REPOSITORY', 'EVENT', 'DELIVERY', 'WHY'], ...letters.map(rowOf)]));
}

function rowOf({ seq, plugin, repo, event, delivery, reason }: DeadLetter): string[] {
  return [String(seq), plugin, repo, event, delivery, reason];
}

async function decide(outbox: Outbox, decision: 'retry' | 'drop', number: string): Promise<void> {
  if (!/^\d{1,15}$/.test(number) || !(await outbox[decision](Number(number))))
    throw new CutwaterError('not-found', `there is no dead letter ${number}`);
  await write(`${number} is ${decision === 'retry' ? 'sent again' : 'forgotten'}\n`);
}
