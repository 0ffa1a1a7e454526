import { DatabaseSync } from 'node:sqlite';
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../errors.ts';
import { type Operations, openOperations, type SqliteOptions, type StoredEntry } from './operations.ts';
import { type Call, type Outcome, type Request, type Response, splitPayloads } from './protocol.ts';
import { openSegments } from './segments.ts';

/** How often finished entries are looked through for those that may go, in milliseconds. */
const PRUNE_EVERY_MS = 60_000;
/** How much one file of payloads holds. */
const SEGMENT_BYTES = 32 * 1024 * 1024;

const { path, options } = workerData as { path: string; options: SqliteOptions };
/** Held for as long as they are known. */
const locks = new Set<DatabaseSync>();
const { db, segments, operations } = open();
let synced: boolean | undefined;

function open() {
  try {
    if (!options.visiting) lock();
    const db = new DatabaseSync(path);
    const segments = openSegments(`${path}-payloads`, SEGMENT_BYTES);
    return { db, segments, operations: openOperations(db, segments, options) };
  } catch (error) {
    const reason = messageOf(error);
    const hint = reason.includes('locked') ? ': another cutwater runs on this folder' : '';
    throw new Error(`${path} can not be opened: ${reason}${hint}`, { cause: error });
  }
}

/** Two programs on one file would each take back what the other is handling. The lock goes with the process, however it ends. */
function lock(): void {
  const held = new DatabaseSync(`${path}-lock`);
  held.exec('PRAGMA busy_timeout = 5000; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT');
  locks.add(held);
}

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

/** Gives the calls their payloads back. */
function complete({ calls, bytes }: Request): Call[] {
  if (!bytes) return calls;
  const entries = calls.filter(({ name }) => name === 'put').map(({ args }) => args[0] as StoredEntry);
  const payloads = splitPayloads(
    bytes,
    entries.map(({ size }) => size),
  );
  for (const [index, entry] of entries.entries()) entry.payload = payloads[index] ?? new Uint8Array();
  return calls;
}

function transaction(calls: Call[]): Outcome[] {
  setSync(calls.some(({ name }) => name === 'put' || name === 'sweep'));
  db.exec('BEGIN IMMEDIATE');
  try {
    const outcomes = calls.map((call) => ({ value: apply(call) }));
    segments.sync();
    db.exec('COMMIT');
    segments.commit();
    return outcomes;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    segments.rollback();
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
  if (outcome && 'value' in outcome && outcome.value === true) return void setImmediate(prune);
  if (operations.hasRemoved(1)) sweep();
  run([{ name: 'pruneFacts', args: [] }]);
}

/** Removes the files of payloads that are gone; first the database is synced, so that no row of an earlier moment can come back without its file. */
function sweep(): void {
  const [outcome] = run([{ name: 'sweep', args: [] }]);
  if (!outcome || !('value' in outcome)) return;
  const unused = outcome.value as number[];
  if (unused.length === 0) return;
  try {
    db.exec('PRAGMA wal_checkpoint(PASSIVE)');
    for (const segment of unused) segments.remove(segment);
  } catch {
    // As on a full disk: the files are named by no row any more, and the next sweep finds them.
  }
}

if (!options.visiting) sweep();
setInterval(prune, PRUNE_EVERY_MS).unref();

/** Everything that has come by now, so that it shares one transaction and one sync. */
function gather(port: MessagePort, first: Request): Request[] {
  const requests = [first];
  for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) {
    requests.push((next as { message: Request }).message);
  }
  return requests;
}

function serve(port: MessagePort): void {
  port.on('message', (first: Request) => {
    const requests = gather(port, first);
    const calls = requests.flatMap(complete);
    if (calls.length > 0) port.postMessage(run(calls) satisfies Response);
    if (operations.hasRemoved(SEGMENT_BYTES)) sweep();
    if (requests.every((request) => request.calls.length > 0)) return;
    db.close();
    segments.close();
    for (const held of locks) held.close();
    port.close();
  });
  port.postMessage([] satisfies Response);
}

if (parentPort) serve(parentPort);
