import { setTimeout as sleep } from 'node:timers/promises';
import type { InboxEntry } from '../inbox/entry.ts';
import type { ConfigView } from '../plugin/settings.ts';
import { createDelivery } from './delivery.ts';
import type { Envelope, NewLetter } from './letter.ts';
import type { ForwarderOptions } from './options.ts';
import { createOutgoing } from './outgoing.ts';
import { recipientsOf, repoOf } from './recipients.ts';

/** Prow's pause before the second try. */
const FIRST_PAUSE_MS = 100;
/** How often the limits are applied. */
const TIDY_EVERY_MS = 60_000;

/** Sends events on to the external plugins of their repositories, as Prow's hook does, but later where a plugin is away now. */
export interface Forwarder {
  /** Resolves when the event is on disk for every external plugin that wants it. Saying it twice sends it once. */
  forward(entry: InboxEntry): Promise<void>;
  start(): void;
  /** Waits at most `graceMs` for what is being sent; everything else is sent after the next start. */
  close(graceMs: number): Promise<void>;
}

export function createForwarder(options: ForwarderOptions): Forwarder {
  const { outbox, config, firstPauseMs = FIRST_PAUSE_MS } = options;
  const closing = new AbortController();
  const cut = new AbortController();
  const outgoing = createOutgoing(createDelivery(options, cut.signal), firstPauseMs, closing.signal);
  let looking: Promise<void> | undefined;

  return {
    async forward(entry) {
      const letters = lettersFor(config(), entry);
      if (letters.length > 0) outgoing.add(await outbox.put(letters));
    },
    start() {
      looking = lookThrough(options, closing.signal, (left) => {
        outgoing.open();
        outgoing.add(left);
      });
    },
    async close(graceMs) {
      closing.abort();
      outgoing.stop();
      const over = new AbortController();
      await Promise.race([outgoing.rest(), sleep(graceMs, undefined, { signal: over.signal }).catch(() => undefined)]);
      over.abort();
      cut.abort();
      await outgoing.rest();
      await looking;
      await outbox.close();
    },
  };
}

/** Applies the limits and takes up what has come to wait, now and then until the end. */
async function lookThrough(
  { outbox, log }: ForwarderOptions,
  closing: AbortSignal,
  take: (left: Envelope[]) => void,
): Promise<void> {
  let tidiedAt = 0;

  async function tidy(): Promise<void> {
    const given = await outbox.prune(Date.now());
    if (given > 0) log.error({ count: given }, 'Events were given up that waited for external plugins');
    tidiedAt = Date.now();
  }

  for (let failing = false; !closing.aborted; ) {
    try {
      if (Date.now() - tidiedAt >= TIDY_EVERY_MS) await tidy();
      take(await outbox.waiting());
      failing = false;
    } catch (error) {
      if (!failing) log.error({ err: error }, 'Failed to look through the outbox');
      failing = true;
    }
    await sleep(outbox.lookEveryMs, undefined, { signal: closing }).catch(() => undefined);
  }
}

function lettersFor(config: ConfigView, entry: InboxEntry): NewLetter[] {
  const { delivery, event, key, payload, receivedAt } = entry;
  const repo = repoOf(entry.body);
  return recipientsOf(config, repo, event).map(({ name: plugin, endpoint }) => ({
    plugin,
    endpoint,
    key,
    repo,
    delivery,
    event,
    headers: JSON.stringify(entry.headers),
    payload,
    receivedAt,
  }));
}
