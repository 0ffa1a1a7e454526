import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../errors.ts';
import { type Operations, openOperations, type SqliteOptions } from './operations.ts';
import type { Call, Outcome, Request } from './protocol.ts';

/** How often finished entries are looked through for those that may go, in milliseconds. */
const PRUNE_EVERY_MS = 60_000;

const { path, options } = workerData as { path: string; options: SqliteOptions };
const db = new DatabaseSync(path);
const operations = openOperations(db, options);
let synced: boolean | undefined;

/** A new delivery is synced to the disk; everything else has only to survive the process. */
function setSync(full: boolean): void {
  if (synced === full) return;
  db.exec(`PRAGMA synchronous = ${full ? 'FULL' : 'NORMAL'}`);
  synced = full;
}

function apply({ name, args }: Call): unknown {
  const operation = operations[name] as (...args: unknown[]) => ReturnType<Operations[keyof Operations]>;
  return operation(...args);
}

function transaction(calls: Call[]): Outcome[] {
  setSync(calls.some(({ name }) => name === 'put'));
  db.exec('BEGIN IMMEDIATE');
  try {
    const outcomes = calls.map((call) => ({ value: apply(call) }));
    db.exec('COMMIT');
    return outcomes;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    operations.recount();
    throw error;
  }
}

/** All calls in one transaction; where that fails, each in one of its own, so that one that cannot be written does not take the others with it. */
function run(calls: Call[]): Outcome[] {
  try {
    return transaction(calls);
  } catch (error) {
    if (calls.length === 1) return [{ error: messageOf(error) }];
    return calls.flatMap((call) => run([call]));
  }
}

function prune(): void {
  const [outcome] = run([{ name: 'prune', args: [] }]);
  if (outcome && 'value' in outcome && outcome.value === true) setImmediate(prune);
}

setInterval(prune, PRUNE_EVERY_MS).unref();
parentPort?.on('message', ({ id, calls }: Request) => {
  if (calls.length > 0) return parentPort?.postMessage({ id, outcomes: run(calls) });
  db.close();
  parentPort?.postMessage({ id, outcomes: [] });
  parentPort?.close();
});
parentPort?.postMessage({ id: 0, outcomes: [] });
