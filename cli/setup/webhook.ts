import { isIP } from 'node:net';
import { CutwaterError } from '../../core/errors.ts';

/** Where GitHub sends webhooks: to this program, or to a channel that it reads. */
export interface WebhookPlace {
  url: string;
  /** The channel, where it is one. */
  proxy?: string;
}

/** Whether an address leads to the machine that it is said on, as GitHub refuses of webhooks. */
export function isLoopback(address: string): boolean {
  const host = URL.parse(address)?.hostname.replace(/^\[|\]$/g, '') ?? '';
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '::1' ||
    (isIP(host) === 4 && host.startsWith('127.'))
  );
}

/** What somebody typed as the address of webhooks. A bare address is that of this program, whose hook stands at `webhookPath`. Throws `invalid`. */
export function webhookPlaceOf(text: string, web: string, webhookPath: string): WebhookPlace {
  const url = URL.parse(text.trim());
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password)
    throw new CutwaterError('invalid', `${text} is no address such as https://ci.example.com.`);
  if (isLoopback(url.href) && !isLoopback(web))
    throw new CutwaterError('invalid', `${url.host} means this machine itself, which GitHub cannot reach.`);
  if (url.hostname === 'smee.io') return { url: url.href, proxy: url.href };
  if (url.pathname === '/') url.pathname = webhookPath;
  return { url: url.href };
}
