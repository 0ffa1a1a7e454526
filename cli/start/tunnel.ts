import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { channelOf, openTunnel, type Tunnel } from '../../core/hook/tunnel.ts';
import type { Logger } from '../../core/log.ts';

/**
 * The channel that --webhook-proxy-url, or Probot's WEBHOOK_PROXY_URL, means. Where a new one is asked for (`https://smee.io/new`), it is made once and
 * kept, as the App's webhooks go there from then on.
 */
export async function channelFor(flag: string | undefined, dataDir: string): Promise<string | undefined> {
  const address = flag ?? process.env.WEBHOOK_PROXY_URL;
  if (!address) return undefined;
  const file = path.join(dataDir, 'webhook-channel');
  const wantsNew = URL.parse(address)?.pathname.endsWith('/new') ?? false;
  if (wantsNew && existsSync(file)) return readFileSync(file, 'utf8').trim();
  const channel = await channelOf(address);
  // Who knows a channel can read it.
  if (wantsNew) writeFileSync(file, `${channel}\n`, { mode: 0o600 });
  return channel;
}

/** Reads the channel, where there is one. */
export function startTunnel(channel: string | undefined, hookUrl: string, log: Logger): Tunnel | undefined {
  return channel === undefined ? undefined : openTunnel({ source: channel, target: hookUrl, log });
}
