import type { IncomingMessage } from 'node:http';

const LONGEST_FORM = 1_000_000;

/** The fields of a posted form; null where it is longer than a form may be. */
export async function readFields(request: IncomingMessage): Promise<URLSearchParams | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= LONGEST_FORM) chunks.push(chunk);
  }
  return size > LONGEST_FORM ? null : new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

const PREFIX = 'sandbox-';

/** The page's own cookies, without their prefix. Ports share cookies on one host, hence the prefix. */
export function cookiesOf(request: IncomingMessage): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name = '', value = ''] = pair.trim().split('=');
    if (name.startsWith(PREFIX)) cookies.set(name.slice(PREFIX.length), value);
  }
  return cookies;
}

/** `Set-Cookie` lines that remember a choice for a year; an empty value forgets it. */
export function setCookies(values: Record<string, string>): string[] {
  return Object.entries(values).map(([name, value]) => {
    const age = value === '' ? 0 : 31_536_000;
    return `${PREFIX}${name}=${encodeURIComponent(value)}; Path=/; Max-Age=${age}; SameSite=Lax; HttpOnly`;
  });
}
