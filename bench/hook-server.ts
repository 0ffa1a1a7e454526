// One server under test: `node hook-server.ts bare`, or with DATA_DIR `ours` (nothing handles what arrives) or `plugins` (all of them do); DATABASE_URL has the inbox in PostgreSQL. Prints its port; on SIGUSR2 one line of JSON about itself.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSignedWith, parseSignature } from '../core/hook/hmac.ts';
import { createHook } from '../core/hook/hook.ts';
import { openListeners } from '../core/hook/listeners.ts';
import type { InboxEntry } from '../core/inbox/entry.ts';
import { openInbox } from '../core/inbox/open.ts';
import { createLogger } from '../core/log.ts';
import { createMetrics } from '../core/metrics.ts';
import { fixedSecret } from '../core/secrets/secret.ts';
import { SECRET } from './hook-payload.ts';

const [kind, dataDir = ''] = process.argv.slice(2);
let finished = 0;

/** What any server has to do: read, verify, parse. */
async function bare(): Promise<number> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const signature = parseSignature(request.headers['x-hub-signature-256']?.toString() ?? '');
      if (!signature || !isSignedWith(SECRET, body, signature)) return response.writeHead(403).end();
      JSON.parse(body.toString());
      finished++;
      response.end('OK');
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function ours(withPlugins: boolean): Promise<number> {
  const log = createLogger('bench', 'error');
  const registry = createMetrics();
  const dispatch = withPlugins
    ? (await import('./hook-dispatch.ts')).benchDispatcher(() => inbox, registry, log)
    : async () => {};
  const handle = async (entry: InboxEntry): Promise<void> => {
    await dispatch(entry);
    finished++;
  };
  const inbox = await openInbox({ dataDir, databaseUrl: process.env.DATABASE_URL, handle, registry, log });
  inbox.start();
  const routes = createHook({ hmac: fixedSecret(SECRET), accept: inbox.accept, registry, log });
  const { port } = await openListeners({ routes, registry, log, ready: () => true, port: 0, host: '127.0.0.1' });
  return port;
}

process.on('SIGINT', () => process.exit(0));
process.on('SIGUSR2', async () => {
  for (let before = -1; before !== finished; await sleep(100)) before = finished;
  process.stdout.write(
    `${JSON.stringify({ finished, rss: process.memoryUsage().rss / 1e6, cpu: process.cpuUsage() })}\n`,
  );
});
process.stdout.write(`${await (kind === 'bare' ? bare() : ours(kind === 'plugins'))}\n`);
