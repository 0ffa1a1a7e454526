import { CutwaterError, messageOf } from '../errors.ts';

/** Prow's external plugins answer when they have read the event; what takes longer than this is tried again. */
const TIME_LIMIT_MS = 30_000;

/** They belong to the connection on which the event came, not to the event. */
const OF_THE_CONNECTION = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Answers of something on the way to a plugin that is away, or of one that is too busy. */
const PASSING = new Set([408, 425, 429, 502, 503, 504]);

export interface Post {
  endpoint: string;
  /** As they came from GitHub, with names in lower case. */
  headers: Readonly<Record<string, string>>;
  payload: Uint8Array;
  /** Ends the attempt. */
  signal: AbortSignal;
}

/**
 * Posts an event with the bytes and headers that it came with, so that GitHub's signature holds (Prow: pkg/hook/server.go, dispatch). Throws CutwaterError
 * `transient` where the plugin can not be reached now, and `invalid` where it answered with anything but 2xx.
 */
export async function send({ endpoint, headers, payload, signal }: Post): Promise<void> {
  if (!URL.canParse(endpoint)) throw new CutwaterError('invalid', `${endpoint} is not a URL`);
  const { address, authorization } = addressOf(endpoint);
  const response = await answerOf(address, {
    method: 'POST',
    headers: { ...headersFor(headers), ...authorization, 'user-agent': 'ProwHook' },
    body: new Uint8Array(payload),
    // Where events go is for the configuration to say, not for whoever answers.
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIME_LIMIT_MS)]),
  });
  await response.body?.cancel();
  if (response.ok) return;
  const elsewhere = response.headers.get('location');
  throw new CutwaterError(
    PASSING.has(response.status) ? 'transient' : 'invalid',
    `${address} answered ${response.status}${elsewhere ? ` and names ${elsewhere}: redirects are not followed, name that endpoint` : ''}`,
  );
}

/** fetch takes no name and password in an address, and the log should not. */
export function addressOf(endpoint: string): { address: URL; authorization: { authorization?: string } } {
  const address = new URL(endpoint);
  const { username, password } = address;
  address.username = address.password = '';
  if (!username && !password) return { address, authorization: {} };
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { address, authorization: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
}

async function answerOf(address: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    const { cause } = error as Error;
    throw new CutwaterError('transient', `${address} is not reachable: ${messageOf(cause ?? error)}`);
  }
}

function headersFor(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.has(name)));
}
