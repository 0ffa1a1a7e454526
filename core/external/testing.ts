import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { externalPlugins } from '../config/sections/external-plugins.ts';
import type { InboxEntry } from '../inbox/entry.ts';
import { orderKey } from '../inbox/order.ts';
import type { ConfigView } from '../plugin/settings.ts';
import type { Recipient } from './recipients.ts';

/** What a test's plugin heard. */
interface Heard {
  url: string;
  headers: Record<string, unknown>;
  body: string;
}

/** A status, a text, a redirect, or nothing at all. */
export type Answer = (heard: Heard) => number | string | { status: number; location: string } | undefined;

/** An external plugin on a free port that answers 200, or as `answer` says. */
export async function testPlugin(answer: Answer = () => 200) {
  const heard: Heard[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const one = { url: request.url ?? '', headers: request.headers, body };
    heard.push(one);
    const said = answer(one);
    if (said === undefined) return;
    if (typeof said === 'object') response.writeHead(said.status, { location: said.location }).end();
    else response.writeHead(typeof said === 'number' ? said : 200).end(typeof said === 'string' ? said : 'ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    heard,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A configuration of nothing but external plugins. */
export function configOf(places: Record<string, Recipient[]>): ConfigView {
  return { get: (section) => (Object.is(section, externalPlugins) ? places : {}) as never };
}

/** A comment on a pull request, as the inbox hands it out. */
export function entryOf(delivery: string, number: number, event = 'issue_comment', repo = 'o/r'): InboxEntry {
  const body = { action: 'created', repository: { full_name: repo }, issue: { number } };
  return {
    delivery,
    event,
    headers: { 'x-github-event': event, 'x-github-delivery': delivery, 'content-type': 'application/json' },
    payload: Buffer.from(JSON.stringify(body)),
    body,
    seq: 1,
    key: orderKey(delivery, event, body),
    done: new Set(),
    attempts: 0,
    receivedAt: Date.now(),
  };
}
