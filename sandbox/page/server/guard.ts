import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * Whether the Host header names a place where this page may be. A name that an attacker can point at 127.0.0.1 (DNS rebinding) is refused;
 * addresses and localhost can not be pointed elsewhere.
 */
export function isOwnHost(host: string | undefined, allowed: readonly string[] = []): boolean {
  const name = hostName(host);
  if (name === null) return false;
  return name === 'localhost' || name.endsWith('.localhost') || isIP(name) !== 0 || allowed.includes(name);
}

function hostName(host: string | undefined): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:/@\s[\]]+))(?::\d{1,5})?$/i.exec(host ?? '');
  return (match?.[1] ?? match?.[2])?.toLowerCase() ?? null;
}

/** Whether a request that changes something was sent by this page itself: any page on the web may post to a local address. */
export function isSameOrigin(headers: IncomingMessage['headers']): boolean {
  const { origin, host } = headers;
  if (origin !== undefined) return origin === `http://${host}` || origin === `https://${host}`;
  return headers['sec-fetch-site'] === 'same-origin';
}

/** Nothing from elsewhere, nothing inline, no frame around it. */
export const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;
