import path from 'node:path';
import { CutwaterError } from '../../core/errors.ts';
import { choiceFlag, describeFlags, type FlagValues, intFlag, parseFlags, stringFlag } from '../../core/flags.ts';
import type { EntryState, EntrySummary } from '../../core/inbox/entry.ts';
import { visitStore } from '../../core/inbox/open.ts';
import type { InboxStore } from '../../core/inbox/store.ts';
import { createLogger } from '../../core/log.ts';
import { table, write, writeLines } from '../config/output.ts';

const STATES = ['waiting', 'running', 'aside', 'done'] as const satisfies readonly EntryState[];

const FLAGS = {
  'data-dir': stringFlag('where the inbox is (.cutwater)', 'DIR'),
  'database-url': stringFlag('the PostgreSQL that the inbox is in, where replicas share it', 'URL'),
  state: choiceFlag('only deliveries in this state; all but the finished ones unless given', STATES, undefined),
  limit: intFlag('how many are listed, the newest first (100)'),
  format: choiceFlag('a table for people, or a record a line for programs', ['table', 'jsonl'], 'table'),
};

type Flags = FlagValues<typeof FLAGS>;

const USAGE = `usage: cutwater inbox list [FLAGS]
       cutwater inbox show|replay|drop|export [FLAGS] DELIVERY…

list    what has arrived and is not finished; --state=aside: what was set aside, and why
show    a delivery's headers and payload
replay  has a finished delivery, or one that was set aside, handled again from the start
drop    forgets a delivery
export  a delivery as it arrived, as one line of JSON: delivery, event, headers, payload (the exact text)

DELIVERY is the X-GitHub-Delivery. A time of which GitHub cannot say what it did not deliver is a delivery too, of the event cutwater_gap: it is
running while the repositories are looked through for what was missed, and replay has them looked through again. What that finds arrives with a
header x-cutwater-gap. The program may be running; it takes up what is replayed with the next delivery, or when it starts.
`;

const ACTIONS: Readonly<Record<string, (store: InboxStore, delivery: string) => Promise<void>>> = {
  show,
  replay,
  drop,
  export: exportEntry,
};

/** `cutwater inbox`: looks at deliveries, and decides about those that were set aside. */
export async function run(argv: string[]): Promise<number> {
  const [word = '', ...others] = argv;
  if (argv.includes('--help')) {
    await write(`${USAGE}\n${describeFlags(FLAGS)}\n`);
    return 0;
  }
  const action = Object.hasOwn(ACTIONS, word) ? ACTIONS[word] : undefined;
  if (!action && word !== 'list')
    throw new CutwaterError('usage', 'inbox takes one of list, show, replay, drop, export');
  const { values, rest } = parseFlags(FLAGS, others);
  if (action && rest.length === 0) throw new CutwaterError('usage', `inbox ${word} takes deliveries, after the flags`);
  if (!action && rest.length > 0) throw new CutwaterError('usage', 'inbox list takes flags alone');
  const dataDir = path.resolve(values['data-dir'] ?? '.cutwater');
  const store = await visitStore({ dataDir, databaseUrl: values['database-url'], log: createLogger('inbox', 'error') });
  try {
    if (!action) await list(store, values);
    for (const delivery of rest) await action?.(store, delivery);
  } finally {
    await store.close();
  }
  return 0;
}

async function list(store: InboxStore, { state, limit = 100, format }: Flags): Promise<void> {
  const entries = await store.list(state ? [state] : ['waiting', 'running', 'aside'], limit);
  if (format === 'jsonl') return writeLines(entries);
  if (entries.length === 0) return write('the inbox has none\n');
  await write(
    table([['DELIVERY', 'EVENT', 'ABOUT', 'STATE', 'ARRIVED', 'TRIED', 'BYTES', 'WHY'], ...entries.map(rowOf)]),
  );
}

function rowOf({ delivery, event, key, state, receivedAt, attempts, size, reason }: EntrySummary): string[] {
  const first = reason.split('\n')[0] ?? '';
  const about = key === delivery ? '-' : key;
  return [delivery, event, about, state, new Date(receivedAt).toISOString(), String(attempts), String(size), first];
}

async function show(store: InboxStore, delivery: string): Promise<void> {
  const { headers, payload, ...summary } = await entryIn(store, delivery);
  const body: unknown = JSON.parse(Buffer.from(payload).toString('utf8'));
  await write(`${JSON.stringify({ ...summary, headers: JSON.parse(headers), payload: body }, undefined, 2)}\n`);
}

async function replay(store: InboxStore, delivery: string): Promise<void> {
  if (!(await store.replay(delivery)))
    throw new CutwaterError('not-found', `${delivery} is neither finished nor set aside, or not there`);
  await write(`${delivery} is handled again\n`);
}

async function drop(store: InboxStore, delivery: string): Promise<void> {
  if (!(await store.drop(delivery)))
    throw new CutwaterError('not-found', `${delivery} is not there, or is being handled`);
  await write(`${delivery} is forgotten\n`);
}

async function exportEntry(store: InboxStore, delivery: string): Promise<void> {
  const { event, headers, payload } = await entryIn(store, delivery);
  await writeLines([{ delivery, event, headers: JSON.parse(headers), payload: Buffer.from(payload).toString('utf8') }]);
}

async function entryIn(store: InboxStore, delivery: string) {
  const found = await store.get(delivery);
  if (!found) throw new CutwaterError('not-found', `${delivery} is not in the inbox`);
  return found;
}
