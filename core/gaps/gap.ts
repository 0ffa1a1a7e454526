import { z } from 'zod';
import type { Delivery } from '../inbox/entry.ts';
import { missedId } from '../inbox/facts.ts';

/** A time of which GitHub can not say what it could not hand over. Times are milliseconds since 1970. */
export const Gap = z.object({
  /** The webhook: `/app/hook`, `/orgs/acme/hooks/1` or `/repos/acme/x/hooks/1`. */
  hook: z.string(),
  /** In whole seconds, as GitHub's times are: what happened later in the same second would else be older. */
  since: z.number().transform((at) => at - (at % 1000)),
  until: z.number(),
  why: z.string(),
  /** The one repository that it is in, by its id; all of the webhook's unless given. */
  repository: z.number().optional(),
});
export type Gap = z.infer<typeof Gap>;

/** The inbox keeps a gap as a delivery of this event, so that it is closed once, by one replica, whatever dies meanwhile. */
export const GAP_EVENT = 'cutwater_gap';

/** A gap as the inbox takes it in. */
export function gapDelivery(gap: Gap): Delivery {
  const delivery = missedId(`gap ${gap.hook} ${gap.repository ?? ''} ${gap.since}..${gap.until}`);
  const payload = Buffer.from(JSON.stringify(gap));
  return { delivery, event: GAP_EVENT, headers: {}, payload, key: `gap ${gap.hook}` };
}
