import type { Delivery } from './entry.ts';
import { factsOf, twinOf } from './facts.ts';
import { createJournal, type Journal } from './journal.ts';
import type { InboxOptions } from './options.ts';
import { orderKey } from './order.ts';
import { entryOf } from './restore.ts';
import { createRunner } from './runner.ts';
import type { NewEntry } from './store.ts';

/** Keeps deliveries until every plugin has finished with them. */
export interface Inbox {
  /** Resolves when the delivery is on disk, with `false` where it was there before. */
  accept(delivery: Delivery): Promise<boolean>;
  /**
   * A plugin has finished with an entry and is not run again for it after a restart; its journal goes. Nothing is written for a plugin that noted nothing:
   * it has done nothing that could be done twice.
   */
  done(delivery: string, plugin: string): Promise<void>;
  journal: Journal;
  /** Begins to hand out what was left unfinished, and from then on what arrives. */
  start(): void;
  /** Looks for work at once, as after a replay by hand. */
  poke(): void;
  /** False once deliveries can no longer be kept: the program is then not ready. */
  isAlive(): boolean;
  /** Hands out nothing more, waits at most `graceMs` for what is being handled and gives the rest back. The store stays open. */
  close(graceMs: number): Promise<void>;
}

/** An inbox over a store. Deliveries that arrive before `start` are kept and wait. */
export function createInbox(options: InboxOptions): Inbox {
  const { store, metrics, log } = options;
  const journal = createJournal(store);
  const runner = createRunner(options, journal);

  async function accept(delivery: Delivery): Promise<boolean> {
    const body = delivery.body ?? JSON.parse(delivery.payload.toString('utf8'));
    const entry = newEntry(delivery, body);
    const start = runner.reserve();
    const arrival = {
      facts: factsOf(delivery.event, body),
      twin: twinOf(delivery.event, body),
      missed: delivery.missed,
    };
    const result = await store.put(entry, start, arrival).finally(() => {
      if (start) runner.unreserve();
    });
    if (result.state === 'running') {
      journal.fresh(entry.delivery);
      runner.run(entryOf({ ...entry, seq: result.seq, attempts: 0, done: [] }, delivery, body));
    }
    if (result.state === 'waiting') runner.poke();
    if (result.state !== 'known') return true;
    metrics.known();
    log.info({ 'event-GUID': delivery.delivery, 'event-type': delivery.event }, 'This delivery had arrived before');
    return false;
  }

  return {
    accept,
    journal,
    async done(delivery, plugin) {
      if (journal.isUsed(delivery, plugin)) await store.done(delivery, plugin);
    },
    start: runner.start,
    poke: runner.poke,
    isAlive: store.isAlive,
    close: runner.close,
  };
}

function newEntry({ delivery, event, headers, payload, key }: Delivery, body: unknown): NewEntry {
  return {
    delivery,
    event,
    payload,
    key: key ?? orderKey(delivery, event, body),
    headers: JSON.stringify(headers),
    receivedAt: Date.now(),
  };
}
