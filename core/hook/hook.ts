import type { Delivery } from '../inbox/entry.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Secret } from '../secrets/secret.ts';
import { type HmacSecrets, parseHmacSecrets } from './hmac.ts';
import { createWebhookMetrics } from './metrics.ts';
import type { Route } from './router.ts';
import { webhookRoutes } from './webhook.ts';

export interface HookOptions {
  /** The text of --hmac-secret-file; a change counts from the next delivery on. */
  hmac: Secret;
  /** Resolves when the delivery is on disk. */
  accept: (delivery: Delivery) => Promise<unknown>;
  registry: Metrics;
  log: Logger;
  /** Prow's --webhook-path (/hook). */
  webhookPath?: string | undefined;
}

/** The routes that take webhooks in; mount them on the main listener. */
export function createHook({ hmac, accept, registry, log, webhookPath }: HookOptions): Route[] {
  let secrets: HmacSecrets = parseHmacSecrets(hmac.current());
  hmac.onChange((text) => {
    secrets = parseHmacSecrets(text);
  });
  const metrics = createWebhookMetrics(registry);
  return webhookRoutes({ secrets: () => secrets, accept, metrics, log }, webhookPath);
}
