import type { Delivery, InboxEntry } from './entry.ts';
import type { ClaimedEntry } from './store.ts';

/** An entry to handle, from what the store knows and what is parsed already. */
export function entryOf(
  claimed: Omit<ClaimedEntry, 'headers' | 'payload'>,
  { headers, payload }: Pick<Delivery, 'headers' | 'payload'>,
  body: unknown,
): InboxEntry {
  const { seq, delivery, event, key, attempts, receivedAt } = claimed;
  return { seq, delivery, event, key, attempts, receivedAt, headers, payload, body, done: new Set(claimed.done) };
}

/** An entry as it comes back from the store. */
export function restoreEntry(claimed: ClaimedEntry): InboxEntry {
  const payload = Buffer.from(claimed.payload.buffer, claimed.payload.byteOffset, claimed.payload.byteLength);
  const headers = JSON.parse(claimed.headers) as Record<string, string>;
  return entryOf(claimed, { headers, payload }, JSON.parse(payload.toString('utf8')));
}
