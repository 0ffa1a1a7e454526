import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode, messageOf } from '../errors.ts';
import type { InboxEntry } from '../inbox/entry.ts';
import type { Logger } from '../log.ts';
import type { ConfigView } from '../plugin/settings.ts';
import type { Envelope, Letter, NewLetter, Outbox } from './letter.ts';
import type { ForwardMetrics } from './metrics.ts';
import { createQueue, type Queue } from './queue.ts';
import { externalOf, recipientsOf, repoOf } from './recipients.ts';
import { send as post } from './send.ts';

/** Prow's pause before the second try. */
const FIRST_PAUSE_MS = 100;
/** How often the limits are applied. */
const TIDY_EVERY_MS = 60_000;

export interface ForwarderOptions {
  outbox: Outbox;
  /** The configuration as it stands now. */
  config(): ConfigView;
  metrics: ForwardMetrics;
  log: Logger;
  send?: typeof post;
  firstPauseMs?: number;
}

/** Sends events on to the external plugins of their repositories, as Prow's hook does, but later where a plugin is away now. */
export interface Forwarder {
  /** Resolves when the event is on disk for every external plugin that wants it. Saying it twice sends it once. */
  forward(entry: InboxEntry): Promise<void>;
  start(): void;
  /** Waits at most `graceMs` for what is being sent; everything else is sent after the next start. */
  close(graceMs: number): Promise<void>;
}

export function createForwarder(options: ForwarderOptions): Forwarder {
  const { outbox, config, log, firstPauseMs = FIRST_PAUSE_MS } = options;
  const closing = new AbortController();
  const cut = new AbortController();
  const queues = new Map<string, Queue>();
  const timers = new Map<Queue, NodeJS.Timeout>();
  const sending = new Set<Promise<void>>();
  const deliver = createDelivery(options, cut.signal);
  let looking: Promise<void> | undefined;
  /** Nothing goes before what was left by the last run is known. */
  let ready = false;
  let tidiedAt = 0;

  function add(envelopes: readonly Envelope[]): void {
    for (const envelope of envelopes) {
      const id = `${envelope.plugin} ${envelope.endpoint}`;
      const queue = queues.get(id) ?? createQueue(firstPauseMs);
      queues.set(id, queue);
      queue.add(envelope);
    }
    if (!ready) return;
    for (const queue of queues.values()) run(queue);
  }

  /** Sends what may go, and comes back when the next may. */
  function run(queue: Queue): void {
    clearTimeout(timers.get(queue));
    timers.delete(queue);
    while (!closing.signal.aborted) {
      const taken = queue.take(Date.now());
      if (!taken) return;
      if ('waitMs' in taken) return void timers.set(queue, setTimeout(run, taken.waitMs, queue));
      const work = deliver(taken.seq).then((outcome) => {
        queue.end(taken, outcome, Date.now());
        sending.delete(work);
        run(queue);
      });
      sending.add(work);
    }
  }

  async function tidy(): Promise<void> {
    const given = await outbox.prune(Date.now());
    if (given > 0) log.error({ count: given }, 'Events were given up that waited for external plugins');
    tidiedAt = Date.now();
  }

  /** Applies the limits and takes up what has come to wait, now and then until the end. */
  async function look(): Promise<void> {
    for (let failing = false; !closing.signal.aborted; ) {
      try {
        if (Date.now() - tidiedAt >= TIDY_EVERY_MS) await tidy();
        const left = await outbox.waiting();
        ready = true;
        add(left);
        failing = false;
      } catch (error) {
        if (!failing) log.error({ err: error }, 'Failed to look through the outbox');
        failing = true;
      }
      await sleep(outbox.lookEveryMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  }

  return {
    async forward(entry) {
      const letters = lettersFor(config(), entry);
      if (letters.length > 0) add(await outbox.put(letters));
    },
    start() {
      looking = look();
    },
    async close(graceMs) {
      closing.abort();
      for (const timer of timers.values()) clearTimeout(timer);
      const over = new AbortController();
      await Promise.race([
        Promise.all(sending),
        sleep(graceMs, undefined, { signal: over.signal }).catch(() => undefined),
      ]);
      over.abort();
      cut.abort();
      await Promise.all(sending);
      await looking;
      await outbox.close();
    },
  };
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

/** Sends one letter and writes down what became of it. */
function createDelivery({ outbox, config, metrics, log, send = post }: ForwarderOptions, signal: AbortSignal) {
  async function giveUp(letter: Letter, reason: string): Promise<void> {
    await outbox.bury(letter.seq, reason);
    metrics.count(letter.plugin, 'dead');
    log.error({ ...fieldsOf(letter), reason }, 'Error dispatching event to external plugin.');
  }

  async function attempt(letter: Letter): Promise<'answered' | 'skipped' | 'away'> {
    const recipient = currentOf(config(), letter);
    if (!recipient) {
      await giveUp(letter, 'the plugin is no longer configured for the repository');
      return 'skipped';
    }
    try {
      const headers = JSON.parse(letter.headers) as Record<string, string>;
      await send({ endpoint: recipient.endpoint, headers, payload: letter.payload, signal });
    } catch (error) {
      if (hasCode(error, 'invalid')) {
        await giveUp(letter, error.message);
        return 'answered';
      }
      if (signal.aborted) return 'away';
      metrics.count(letter.plugin, 'failed');
      log.warn(
        { ...fieldsOf(letter), reason: messageOf(error) },
        'An external plugin is away; the event is sent later',
      );
      return 'away';
    }
    await outbox.sent(letter.seq);
    metrics.count(letter.plugin, 'sent');
    log.info(fieldsOf(letter), 'Dispatched event to external plugin');
    return 'answered';
  }

  return async (seq: number): Promise<'answered' | 'skipped' | 'away'> => {
    try {
      const letter = await outbox.read(seq);
      return letter ? await attempt(letter) : 'skipped';
    } catch (error) {
      log.error({ err: error }, 'Failed to work with the outbox');
      return 'away';
    }
  };
}

/** An endpoint that was corrected in the configuration gets what waits for the old one. */
function currentOf(config: ConfigView, { plugin, repo, endpoint }: Letter) {
  const same = externalOf(config, repo).filter(({ name }) => name === plugin);
  return same.find((recipient) => recipient.endpoint === endpoint) ?? same[0];
}

function fieldsOf({ plugin, delivery, event, repo }: Letter): Record<string, string> {
  return { 'external-plugin': plugin, 'event-GUID': delivery, 'event-type': event, repo };
}
