import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Delivery } from '../inbox/entry.ts';
import type { Logger } from '../log.ts';
import type { HmacSecrets } from './hmac.ts';
import type { WebhookMetrics } from './metrics.ts';
import type { Handler, Route } from './router.ts';
import { answer } from './server.ts';
import { type ValidWebhook, validateWebhook } from './validate.ts';

const WEBHOOK_PATHS = ['/hook', '/api/github/webhooks'] as const;

const ACCEPTED = 'Event received. Have a nice day.';
/** How long the rest of a refused body is read and thrown away, so that its sender gets to see the answer. */
const LINGER_MS = 2000;

export interface WebhookOptions {
  secrets: () => HmacSecrets;
  /** Resolves when the delivery is on disk; rejects where it could not be written. */
  accept: (delivery: Delivery) => Promise<unknown>;
  metrics: WebhookMetrics;
  log: Logger;
  /** Bytes; GitHub's own limit of 25 MB unless given. */
  maxBodyBytes?: number | undefined;
  /** The answer where the delivery could not be written (500). */
  failedStatus?: 500 | 503 | undefined;
}

/** The webhook endpoint: the 200 is sent when the delivery is safe, and a 500 makes GitHub keep it as failed. */
function webhookHandler(options: WebhookOptions): Handler {
  const { metrics } = options;
  return async (request, response) => {
    const webhook = await validateWebhook(request, options.secrets(), options.maxBodyBytes);
    const status = 'status' in webhook ? webhook.status : await take(options, request, webhook);
    metrics.answered(status);
    if ('status' in webhook) return refuse(options, request, response, webhook);
    if (status === 200) return answer(response, 200, ACCEPTED);
    answer(response, status, `${status} ${STATUS_CODES[status]}: Failed to store the event`);
  };
}

/** The same endpoint at every path that it is known under; `path` is Prow's --webhook-path, where a slash at the end stands for all below it, as in Go. */
export function webhookRoutes(options: WebhookOptions, path: string = WEBHOOK_PATHS[0]): Route[] {
  const handle = webhookHandler(options);
  const paths = [...new Set([path, ...WEBHOOK_PATHS])].map((mounted) => ({ path: mounted, handle }));
  return path.endsWith('/') ? [...paths, { prefix: path, handle }] : paths;
}

async function take(
  { accept, metrics, log, failedStatus = 500 }: WebhookOptions,
  request: IncomingMessage,
  webhook: ValidWebhook,
): Promise<200 | 500 | 503> {
  const { event, delivery } = webhook;
  try {
    await accept({ ...webhook, headers: headersOf(request) });
    metrics.received(event);
    return 200;
  } catch (error) {
    log.error(
      { err: error, 'event-type': event, 'event-GUID': delivery },
      'Failed to store a webhook; its sender keeps it as failed',
    );
    return failedStatus;
  }
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const result: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) result[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return result;
}

function refuse(
  { log }: WebhookOptions,
  request: IncomingMessage,
  response: ServerResponse,
  { status, text }: { status: number; text: string },
): void {
  log.debug({ status, text }, 'Refused a webhook');
  answer(response, status, `${text}\n`);
  if (request.complete) return;
  request.resume();
  setTimeout(() => request.destroy(), LINGER_MS).unref();
}
