import type { Delivery } from '../inbox/entry.ts';
import { missedId, twinOf } from '../inbox/facts.ts';
import { orderKey } from '../inbox/order.ts';

/** A repository as the REST API shows it; payloads hold the same, with the organisation beside it. */
export interface Repository {
  full_name: string;
  default_branch: string;
  pushed_at: string;
  html_url: string;
  organization?: object | null | undefined;
}

/** An event that no delivery told. */
export interface Missed {
  event: string;
  body: Record<string, unknown>;
  /** When it happened, RFC 3339. */
  at: string;
  /** The fact that stands where it was told. */
  field?: string;
}

/** Whom GitHub shows where it does not know any more who it was. */
const NOBODY = { login: 'ghost', type: 'User' };

/** A payload as GitHub would have sent it. */
export function bodyFor(repository: Repository, parts: object, sender: object | null): Record<string, unknown> {
  const { organization } = repository;
  return { ...parts, repository, ...(organization && { organization }), sender: sender ?? NOBODY };
}

/** A missed event as the inbox takes it in; its id is always the same. `sign` makes the signature that external plugins check. */
export function deliveryOf({ event, body, at }: Missed, gap: string, sign: (payload: Buffer) => string): Delivery {
  const { action, label, changes } = body;
  const what = JSON.stringify([orderKey('', event, body), event, action, label, changes, at]);
  const delivery = twinOf(event, body) ?? missedId(what);
  const payload = Buffer.from(JSON.stringify(body));
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Cutwater',
    'x-github-event': event,
    'x-github-delivery': delivery,
    'x-hub-signature-256': sign(payload),
    'x-cutwater-gap': gap,
  };
  return { delivery, event, headers, payload, body, missed: true };
}
