import { Counter } from 'prom-client';
import type { Metrics } from '../metrics.ts';

/** Counts deliveries and answers under Prow's names (Prow: pkg/githubeventserver/metrics.go). */
export interface WebhookMetrics {
  received(event: string): void;
  answered(status: number): void;
}

export function createWebhookMetrics(registry: Metrics): WebhookMetrics {
  const received = new Counter({
    name: 'prow_webhook_counter',
    help: 'A counter of the webhooks made to prow.',
    labelNames: ['event_type'],
    registers: [registry],
  });
  const answered = new Counter({
    name: 'prow_webhook_response_codes',
    help: 'A counter of the different responses hook has responded to webhooks with.',
    labelNames: ['response_code'],
    registers: [registry],
  });
  return {
    received: (event) => received.inc({ event_type: event }),
    answered: (status) => answered.inc({ response_code: String(status) }),
  };
}
