import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { CutwaterError, messageOf } from '../../errors.ts';
import type { InboxStore, PutResult } from '../store.ts';
import type { Operations, SqliteOptions } from './operations.ts';
import { type Call, joinPayloads, type Outcome, type Request, type Response } from './protocol.ts';

type Inner = 'makeRoom' | 'added' | 'recount' | 'put' | 'sweep' | 'hasRemoved' | 'isKnown' | 'pruneFacts';
type Name = Exclude<keyof Operations, Inner>;

interface Pending {
  call: Call;
  payload: Uint8Array | undefined;
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
    keepsOrder: true,
    put: ({ payload, ...entry }, start, arrival) =>
      group.put(payload, [{ ...entry, size: payload.byteLength }, start, arrival]),
    claim: (limit) => call('claim', limit),
    begin: (delivery) => call('begin', delivery),
    done: (delivery, plugin) => call('done', delivery, plugin),
    finish: (delivery) => call('finish', delivery),
    setAside: (delivery, reason) => call('setAside', delivery, reason),
    release: (deliveries) => call('release', deliveries),
    append: (delivery, plugin, records) => call('append', delivery, plugin, records),
    load: (delivery, plugin) => call('load', delivery, plugin),
    has: (delivery) => call('has', delivery),
    list: (states, limit) => call('list', states, limit),
    get: (delivery) => call('get', delivery),
    replay: (delivery) => call('replay', delivery),
    drop: (delivery) => call('drop', delivery),
    stats: () => call('stats'),
    notes: {
      facts: (key) => call('facts', key),
      remember: (facts) => call('remember', facts),
      forget: (key, field) => call('forget', key, field),
      takeTurn: async () => true,
    },
    onWork: () => {},
    isAlive: group.isAlive,
    close: group.close,
  };
}

/**
 * Sends the calls of one turn of the event loop together. It does not wait for answers: the worker takes all that has come while it was writing as its next
 * group.
 */
function groupCalls(worker: Worker) {
  let gathered: Pending[] = [];
  const sent: Pending[] = [];
  let failure: CutwaterError | undefined;
  const opening = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();

  function flush(): void {
    const group = gathered;
    gathered = [];
    if (failure) return;
    sent.push(...group);
    const payloads = group.flatMap(({ payload }) => (payload ? [payload] : []));
    const bytes = payloads.length > 0 ? joinPayloads(payloads) : undefined;
    worker.postMessage({ calls: group.map(({ call }) => call), bytes } satisfies Request, bytes ? [bytes] : []);
  }

  function fail(error: CutwaterError): void {
    failure ??= error;
    opening.reject(failure);
    for (const { settle } of [...sent.splice(0), ...gathered]) settle({ error: failure.message });
    ended.resolve();
  }

  worker.on('message', (outcomes: Response) => {
    opening.resolve();
    const answered = sent.splice(0, outcomes.length);
    for (const [index, { settle }] of answered.entries()) settle(outcomes[index] ?? { error: 'no answer' });
  });
  worker.on('error', (error) =>
    fail(new CutwaterError('transient', `the inbox failed: ${messageOf(error)}`, { cause: error })),
  );
  worker.on('exit', () => fail(new CutwaterError('transient', 'the inbox is closed')));

  function ask(call: Call, payload?: Uint8Array): Promise<unknown> {
    if (failure) return Promise.reject(failure);
    return new Promise((resolve, reject) => {
      const settle = (outcome: Outcome): void =>
        'value' in outcome
          ? resolve(outcome.value)
          : reject(new CutwaterError('transient', `the inbox: ${outcome.error}`));
      gathered.push({ call, payload, settle });
      if (gathered.length === 1) setImmediate(flush);
    });
  }

  return {
    opened: opening.promise,
    isAlive: () => failure === undefined,
    call: (name: Name, args: unknown[]) => ask({ name, args }),
    put: (payload: Uint8Array, args: unknown[]) => ask({ name: 'put', args }, payload) as Promise<PutResult>,
    /** Ends the thread when everything that was asked before is written. */
    async close(): Promise<void> {
      if (failure) return;
      await ask({ name: 'stats', args: [] });
      worker.postMessage({ calls: [], bytes: undefined } satisfies Request);
      await ended.promise;
    },
  };
}
