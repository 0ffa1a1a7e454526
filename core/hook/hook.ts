import type { Metrics } from '../metrics.ts';
import type { Secret } from '../secrets/secret.ts';
import { type HmacSecrets, parseHmacSecrets } from './hmac.ts';
import { createWebhookMetrics } from './metrics.ts';
import type { Route } from './router.ts';
import { type WebhookOptions, webhookRoutes } from './webhook.ts';

export interface HookOptions extends Pick<WebhookOptions, 'accept' | 'log' | 'failedStatus'> {
  /** The text of --hmac-secret-file; a change counts from the next delivery on. */
  hmac: Secret;
  registry: Metrics;
  /** Prow's --webhook-path (/hook). */
  webhookPath?: string | undefined;
}

/** The routes that take webhooks in; mount them on the main listener. */
export function createHook({ hmac, registry, webhookPath, ...options }: HookOptions): Route[] {
  let secrets: HmacSecrets = parseHmacSecrets(hmac.current());
  hmac.onChange((text) => {
    secrets = parseHmacSecrets(text);
  });
  const metrics = createWebhookMetrics(registry);
  return webhookRoutes({ ...options, secrets: () => secrets, metrics }, webhookPath);
}
