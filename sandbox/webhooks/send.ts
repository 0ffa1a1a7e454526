import http from 'node:http';
import https from 'node:https';
import { fullName } from '../model/lookup.ts';
import type { Delivery } from '../model/records.ts';
import type { World } from '../model/world.ts';

/** GitHub waits ten seconds for an answer; a receiver that is not there is noticed sooner. */
const ANSWER_MS = 10_000;
const CONNECT_MS = 2_000;
const ANSWER_KEPT = 64 * 1024;

export interface Sender {
  /** Waits until nothing is under way. */
  idle(): Promise<void>;
  close(): void;
}

interface Outcome {
  status: string;
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

/** Sends deliveries as they come, side by side, and keeps what was answered. Like GitHub, it does not try again by itself. */
export function startSender(world: World): Sender {
  const agents = { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) };
  const running = new Set<Promise<void>>();
  let open = true;

  async function deliver(delivery: Delivery): Promise<void> {
    const hook = world.hooks.get(delivery.hookId);
    const started = performance.now();
    const outcome = hook ? await post(hook.url, delivery, agents) : failed('hook is gone');
    if (!open) return;
    delivery.state = 'done';
    delivery.status = outcome.status;
    delivery.statusCode = outcome.statusCode;
    delivery.durationMs = Math.round(performance.now() - started);
    delivery.responseHeaders = outcome.headers;
    delivery.responseBody = outcome.body;
    if (world.deliveries.get(delivery.id)) world.deliveries.put(delivery);
    const repo = world.repos.get(delivery.repositoryId);
    world.feed.add({
      at: world.now(),
      kind: 'delivery.done',
      actor: '',
      repo: repo ? fullName(world, repo) : null,
      numbers: [],
      data: {
        deliveryId: delivery.id,
        event: delivery.event,
        action: delivery.action,
        statusCode: outcome.statusCode,
        changeId: delivery.changeId,
      },
    });
  }

  world.onDelivery = (delivery) => {
    const work = deliver(delivery).finally(() => running.delete(work));
    running.add(work);
  };
  // What a killed process had not sent is sent now.
  for (const delivery of world.deliveries.all().filter((it) => it.state === 'queued')) world.onDelivery(delivery);

  return {
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
    close() {
      open = false;
      world.onDelivery = () => undefined;
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

/** GitHub lists what never got an answer as if a gateway had answered. */
function failed(status: string): Outcome {
  return { status, statusCode: status === 'timed out' ? 504 : 502, headers: {}, body: '' };
}

function post(url: string, delivery: Delivery, agents: { http: http.Agent; https: https.Agent }): Promise<Outcome> {
  return new Promise((resolve) => {
    const secure = url.startsWith('https:');
    const body = Buffer.from(delivery.body);
    const headers = { ...delivery.requestHeaders, 'Content-Length': body.length };
    const options = { method: 'POST', headers, agent: secure ? agents.https : agents.http };
    const request = (secure ? https : http).request(url, options, (response) => {
      const chunks: Buffer[] = [];
      let kept = 0;
      response.on('data', (chunk: Buffer) => {
        if (kept < ANSWER_KEPT) chunks.push(chunk);
        kept += chunk.length;
      });
      response.on('error', () => resolve(failed('connection lost')));
      response.on('end', () => resolve(answered(response, Buffer.concat(chunks).toString())));
    });
    const timeout = setTimeout(() => request.destroy(new Error('timed out')), ANSWER_MS);
    const connecting = setTimeout(() => request.destroy(new Error('timed out')), CONNECT_MS);
    request.on('socket', (socket) => {
      if (!socket.connecting) return clearTimeout(connecting);
      socket.once('connect', () => clearTimeout(connecting));
    });
    request.on('error', (error) =>
      resolve(failed(error.message === 'timed out' ? 'timed out' : 'failed to connect to host')),
    );
    request.on('close', () => {
      clearTimeout(timeout);
      clearTimeout(connecting);
    });
    request.end(body);
  });
}

function answered(response: http.IncomingMessage, body: string): Outcome {
  const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
  const statusCode = response.statusCode ?? 0;
  const status = statusCode >= 200 && statusCode < 300 ? 'OK' : `Invalid HTTP Response: ${statusCode}`;
  return { status, statusCode, headers: Object.fromEntries(headers), body };
}
