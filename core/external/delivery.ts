import { hasCode, messageOf } from '../errors.ts';
import type { ConfigView } from '../plugin/settings.ts';
import type { Letter } from './letter.ts';
import type { ForwarderOptions } from './options.ts';
import { externalOf } from './recipients.ts';
import { send as post } from './send.ts';

/** Sends one letter and writes down what became of it. */
export function createDelivery({ outbox, config, metrics, log, send = post }: ForwarderOptions, signal: AbortSignal) {
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
