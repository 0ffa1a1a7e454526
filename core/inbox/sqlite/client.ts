import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { CutwaterError, messageOf } from '../../errors.ts';
import type { InboxStore } from '../store.ts';
import type { Operations, SqliteOptions } from './operations.ts';
import type { Call, Outcome, Response } from './protocol.ts';

type Name = Exclude<keyof Operations, 'makeRoom' | 'added' | 'recount'>;

interface Pending {
  call: Call;
  settle(outcome: Outcome): void;
}

/**
 * The inbox in one SQLite file, which a thread of its own owns, so that no sync to disk holds up the event loop. Calls that come while one group is being
 * written make the next group.
 */
export async function openSqliteStore(path: string, options: SqliteOptions): Promise<InboxStore> {
  // The same file ending as this module's, which is .js where the package was compiled; and no flag of the main thread's, which a worker may not know.
  const script = new URL(`./worker${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(script, { workerData: { path, options }, execArgv: [] });
  const group = groupCalls(worker);
  await group.opened;
  const call = <N extends Name>(name: N, ...args: Parameters<Operations[N]>): Promise<ReturnType<Operations[N]>> =>
    group.call(name, args) as Promise<ReturnType<Operations[N]>>;
  return {
    put: ({ payload, ...entry }, start) => call('put', { ...entry, payload: new Uint8Array(payload) }, start),
    claim: (limit) => call('claim', limit),
    done: (delivery, plugin) => call('done', delivery, plugin),
    finish: (delivery) => call('finish', delivery),
    setAside: (delivery, reason) => call('setAside', delivery, reason),
    release: (deliveries) => call('release', deliveries),
    append: (delivery, plugin, records) => call('append', delivery, plugin, records),
    load: (delivery, plugin) => call('load', delivery, plugin),
    list: (states, limit) => call('list', states, limit),
    get: (delivery) => call('get', delivery),
    replay: (delivery) => call('replay', delivery),
    drop: (delivery) => call('drop', delivery),
    stats: () => call('stats'),
    onWork: () => {},
    close: group.close,
  };
}

/** Sends calls to the worker in groups, one group at a time. */
function groupCalls(worker: Worker) {
  let queue: Pending[] = [];
  let writing: Pending[] | undefined;
  let failure: CutwaterError | undefined;
  const opening = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();

  function flush(): void {
    if (writing || queue.length === 0) return;
    writing = queue;
    queue = [];
    const transfer = writing.flatMap(({ call }) => payloadOf(call));
    worker.postMessage({ id: 1, calls: writing.map(({ call }) => call) }, transfer);
  }

  function fail(error: CutwaterError): void {
    failure ??= error;
    opening.reject(failure);
    for (const { settle } of [...(writing ?? []), ...queue.splice(0)]) settle({ error: failure.message });
    writing = undefined;
    ended.resolve();
  }

  worker.on('message', ({ id, outcomes }: Response) => {
    if (id === 0) return opening.resolve();
    const written = writing ?? [];
    writing = undefined;
    for (const [index, { settle }] of written.entries())
      settle(outcomes[index] ?? { error: 'no answer from the store' });
    flush();
  });
  worker.on('error', (error) =>
    fail(new CutwaterError('transient', `the inbox failed: ${messageOf(error)}`, { cause: error })),
  );
  worker.on('exit', () => fail(new CutwaterError('transient', 'the inbox is closed')));

  function call(name: Name, args: unknown[]): Promise<unknown> {
    if (failure) return Promise.reject(failure);
    return new Promise((resolve, reject) => {
      const settle = (outcome: Outcome): void =>
        'value' in outcome
          ? resolve(outcome.value)
          : reject(new CutwaterError('transient', `the inbox: ${outcome.error}`));
      queue.push({ call: { name, args }, settle });
      if (queue.length === 1) queueMicrotask(flush);
    });
  }

  return {
    opened: opening.promise,
    call,
    /** Ends the thread when everything that was asked before is written. */
    async close(): Promise<void> {
      if (failure) return;
      await call('stats', []);
      worker.postMessage({ id: 2, calls: [] });
      await ended.promise;
    },
  };
}

/** The payload's memory moves to the worker instead of being copied a second time. */
function payloadOf({ name, args }: Call): ArrayBuffer[] {
  if (name !== 'put') return [];
  const { payload } = args[0] as { payload: Uint8Array<ArrayBuffer> };
  return [payload.buffer];
}
