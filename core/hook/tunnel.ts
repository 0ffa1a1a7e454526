import { setTimeout as sleep } from 'node:timers/promises';
import { SmeeClient } from 'smee-client';
import { z } from 'zod';
import { CutwaterError, messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';

export interface TunnelOptions {
  /** The channel, such as `https://smee.io/abc`. */
  source: string;
  /** Where webhooks arrive in this program. */
  target: string;
  log: Logger;
  /** Milliseconds until a channel that failed is tried again, doubled up to 30 times that (1,000). */
  retryMs?: number | undefined;
}

/** Webhooks of a channel, handed to this program as if GitHub had sent them. */
export interface Tunnel {
  close(): Promise<void>;
}

/** What a channel tells of a request: its headers side by side, and its body. */
const Message = z.looseObject({ body: z.unknown().refine((body) => body !== undefined) });

/** Of what a channel names as headers, those that GitHub sends and hook reads; nothing else gets in from there. */
const PASSED = /^(x-github-[a-z-]+|x-hub-signature(-256)?|user-agent)$/;
const CONNECT_MS = 10_000;
/** Channels send a ping every half minute; one that is silent for so long is dead, as after a laptop's sleep. */
const SILENT_MS = 120_000;
const MOST_ATTEMPTS = 5;

/** Makes a new channel where `address` is where channels are made (`https://smee.io/new`); any other is one. Throws `config`. */
export async function channelOf(address: string): Promise<string> {
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new CutwaterError('config', `the webhook proxy ${JSON.stringify(address)} is no http(s) address`);
  if (!url.pathname.endsWith('/new')) return url.href;
  const made = await SmeeClient.createChannel({ newChannelUrl: url.href }).catch((error: unknown) => {
    throw new CutwaterError('config', `${url.href} made no channel: ${messageOf(error)}`, { cause: error });
  });
  const channel = URL.parse(made, url);
  if (channel?.host !== url.host) throw new CutwaterError('config', `${url.href} made no channel of its own: ${made}`);
  return channel.href;
}

/** Reads a channel until it is closed. smee-client connects; forwarding is ours, as a message may hold anything. */
export function openTunnel(options: TunnelOptions): Tunnel {
  const closing = new AbortController();
  const running = keepReading(options, closing.signal);
  return {
    async close() {
      closing.abort();
      await running;
    },
  };
}

async function keepReading({ source, target, log, retryMs = 1000 }: TunnelOptions, signal: AbortSignal): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      await readOnce(
        source,
        (data) => forward(data, target, log, signal),
        signal,
        () => {
          failures = 0;
          log.info({ channel: source }, 'Webhooks come through a tunnel');
        },
      );
    } catch (error) {
      failures++;
      if (!signal.aborted) log.warn({ channel: source, reason: messageOf(error) }, 'The webhook tunnel is not there');
    }
    const wait = Math.min(retryMs * 2 ** failures, retryMs * 30);
    await sleep(wait, undefined, { signal }).catch(() => {});
  }
}

/** Resolves, or throws, when the connection is over. */
async function readOnce(
  source: string,
  take: (data: unknown) => void,
  signal: AbortSignal,
  opened: () => void,
): Promise<void> {
  const quiet = { info: () => {}, error: () => {} };
  // It asks for a target, and never gets to forward anything there.
  const client = new SmeeClient({
    source,
    target: source,
    logger: quiet,
    forward: false,
    maxConnectionTimeout: CONNECT_MS,
  });
  const over = Promise.withResolvers<void>();
  const end = (): void => over.resolve();
  signal.addEventListener('abort', end, { once: true });
  let silence: NodeJS.Timeout | undefined;
  try {
    const events = await client.start().catch((error: unknown) => {
      throw new CutwaterError('transient', reasonOf(error));
    });
    opened();
    const heard = (): void => {
      clearTimeout(silence);
      silence = setTimeout(end, SILENT_MS).unref();
    };
    heard();
    events.addEventListener('ping', heard);
    events.addEventListener('error', end);
    events.addEventListener('message', ({ data }) => {
      heard();
      take(data);
    });
    await over.promise;
  } finally {
    clearTimeout(silence);
    signal.removeEventListener('abort', end);
    await client.stop();
  }
}

/** EventSource reports an event where others throw. */
function reasonOf(error: unknown): string {
  const { message } = (error ?? {}) as { message?: unknown };
  return typeof message === 'string' && message !== '' ? message : 'no answer';
}

function forward(data: unknown, target: string, log: Logger, signal: AbortSignal): void {
  const message = parse(data);
  if (!message) {
    log.warn('The webhook tunnel brought what is no webhook');
    return;
  }
  const { body, ...others } = message;
  const headers = new Headers({ 'content-type': 'application/json' });
  for (const [name, value] of Object.entries(others))
    if (PASSED.test(name) && typeof value === 'string' && /^[\x20-\x7e]*$/.test(value)) headers.set(name, value);
  void deliver(new Request(target, { method: 'POST', headers, body: JSON.stringify(body) }), log, signal);
}

function parse(data: unknown): z.output<typeof Message> | undefined {
  try {
    return Message.safeParse(JSON.parse(String(data))).data;
  } catch {
    return undefined;
  }
}

/** GitHub believes it delivered already, so we try again ourselves where hook could not keep it. */
async function deliver(request: Request, log: Logger, signal: AbortSignal): Promise<void> {
  const fields = {
    'event-GUID': request.headers.get('x-github-delivery'),
    event: request.headers.get('x-github-event'),
  };
  for (let attempt = 1; attempt <= MOST_ATTEMPTS && !signal.aborted; attempt++) {
    const status = await fetch(request.clone(), { redirect: 'error', signal }).then(
      (answer) => answer.status,
      () => 503,
    );
    if (status < 300) return;
    if (status < 500) {
      log.warn({ ...fields, status }, 'A webhook from the tunnel was refused');
      return;
    }
    await sleep(2 ** attempt * 250, undefined, { signal }).catch(() => {});
  }
  log.error(fields, 'A webhook from the tunnel could not be kept');
}
