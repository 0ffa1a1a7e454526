import { createHmac, randomUUID } from 'node:crypto';
import { CutwaterError, messageOf } from '../../core/errors.ts';
import { signatureOf } from '../../core/hook/hmac.ts';

/** As long as hook waits for an external plugin. */
const TIME_LIMIT_MS = 30_000;
const MOST_BYTES = 1024 * 1024;

export interface Answer {
  status: number;
  text: string;
  /** Milliseconds until the answer had come whole. */
  ms: number;
}

/** A plugin under test, and how to speak to it. */
export interface Probe {
  /** An event that no plugin acts on, signed and complete; `change` spoils it. Rejects where there is no answer. */
  event(change?: EventChange): Promise<Answer>;
  ask(method: 'GET' | 'POST', url: URL, body?: string): Promise<Answer>;
  endpoint: URL;
}

export interface EventChange {
  method?: 'GET' | 'POST';
  /** `null` leaves a header out. */
  headers?: Record<string, string | null>;
  /** What is sent; the signature is over this too. */
  body?: string;
  /** What the signature is over, where that is something else. */
  signed?: string;
  secret?: string;
  /** Signs with the right secret, and only as GitHub did before 2020. */
  sha1?: boolean;
}

export function createProbe(endpoint: URL, secret: string, repo: string): Probe {
  return {
    endpoint,
    ask: (method, url, body) =>
      send(url, { method, headers: { 'content-type': 'application/json' }, ...(body !== undefined && { body }) }),
    event({ method = 'POST', headers = {}, body = harmless(repo), signed = body, secret: key = secret, sha1 } = {}) {
      const all: Record<string, string | null> = {
        'content-type': 'application/json',
        'user-agent': 'ProwHook',
        'x-github-event': 'ping',
        'x-github-delivery': `plugin-check-${randomUUID()}`,
        ...(sha1 ? { 'x-hub-signature': sha1Of(signed, key) } : { 'x-hub-signature-256': signatureOf(signed, key) }),
        ...headers,
      };
      const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null);
      return send(endpoint, { method, headers: Object.fromEntries(given), ...(method === 'POST' && { body }) });
    },
  };
}

/** JSON that nobody would write the same way again, so that a signature holds over these bytes alone. */
export function harmless(repo: string, padding = ''): string {
  const [owner, name] = repo.split('/');
  const repository = JSON.stringify({ full_name: repo, name, owner: { login: owner } });
  return `{ "zen":"\\u00e4 ü \\/",\n\t"hook_id" : 1.0, "repository": ${repository}, "padding": "${padding}" }\n`;
}

function sha1Of(text: string, secret: string): string {
  return `sha1=${createHmac('sha1', secret).update(text).digest('hex')}`;
}

async function send(url: URL, init: RequestInit): Promise<Answer> {
  const began = performance.now();
  const signal = AbortSignal.timeout(TIME_LIMIT_MS);
  try {
    const response = await fetch(url, { ...init, redirect: 'manual', signal });
    const text = await textOf(response);
    return { status: response.status, text, ms: performance.now() - began };
  } catch (error) {
    if (signal.aborted) throw new CutwaterError('timeout', `no answer within ${TIME_LIMIT_MS / 1000} s`);
    throw new CutwaterError('transient', messageOf((error as Error).cause ?? error));
  }
}

async function textOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MOST_BYTES) return text;
  }
  return text;
}
