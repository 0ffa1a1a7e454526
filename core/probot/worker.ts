// Runs in a thread of its own: one Probot app, with a Probot that reaches GitHub through the main thread alone.
import { AsyncLocalStorage } from 'node:async_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import { pino } from 'pino';
import { type ApplicationFunction, Context, Probot, ProbotOctokit } from 'probot';
import type { Logger } from '../log.ts';
import type { AppAnswer, AppData, AppEvent, FromApp, ToApp } from './protocol.ts';

const { url, baseUrl } = workerData as AppData;
const current = new AsyncLocalStorage<number>();
const asked = new Map<number, PromiseWithResolvers<Response>>();
let requests = 0;

const say = (message: FromApp): void => parentPort?.postMessage(message);
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Asks the main thread, which knows the installation's token and the budget. */
function fetchOutside(address: string, init: RequestInit = {}): Promise<Response> {
  const request = ++requests;
  const pending = Promise.withResolvers<Response>();
  asked.set(request, pending);
  const { method = 'GET', headers, body } = init;
  const ask = {
    method,
    url: String(address),
    headers: { ...(headers as Record<string, string>) },
    body: typeof body === 'string' ? body : undefined,
  };
  say({ kind: 'request', request, event: current.getStore(), ask });
  return pending.promise;
}

function toResponse({ status, headers, body, base64 }: AppAnswer): Response {
  const bytes = base64 ? Buffer.from(body, 'base64') : body;
  return new Response(status === 204 || status === 304 ? null : bytes, { status, headers });
}

/** Apps for older versions write `octokit.issues.…`, `context.github` and `app.log('…')`. */
const AnyOctokit = ProbotOctokit.plugin((octokit) => ({ ...(octokit as ProbotOctokit).rest })).defaults(
  (options: object) => ({
    ...options,
    throttle: { enabled: false },
    retry: { enabled: false },
  }),
);
Object.defineProperty(Context.prototype, 'github', {
  get(this: Context) {
    return this.octokit;
  },
});

function callable(log: Logger): Logger {
  const speak = (...words: Parameters<Logger['info']>): void => log.info(...words);
  return new Proxy(speak, {
    get(_, key) {
      if (key === 'child') return (fields: object) => callable(log.child(fields));
      const value: unknown = Reflect.get(log, key);
      return typeof value === 'function' ? value.bind(log) : value;
    },
  }) as unknown as Logger;
}

function createProbot(): Probot {
  const lines: Logger = pino({ level: 'info' }, { write: (line: string) => say({ kind: 'log', line }) });
  const log = callable(lines);
  const fetch = fetchOutside as typeof globalThis.fetch;
  const probot = new Probot({ githubToken: 'kept-outside', baseUrl, Octokit: AnyOctokit, request: { fetch }, log });
  const { on, onAny } = probot;
  probot.onAny = (...given) => {
    say({ kind: 'listens', for: '*' });
    onAny(...given);
  };
  probot.on = ((names: string | string[], handler: Parameters<typeof onAny>[0]) => {
    for (const name of [names].flat()) {
      if (name === '*') {
        probot.onAny(handler);
        continue;
      }
      say({ kind: 'listens', for: name });
      on(name as Parameters<typeof on>[0], handler as Parameters<typeof on>[1]);
    }
  }) as typeof on;
  return probot;
}

async function load(probot: Probot): Promise<void> {
  await probot.ready();
  const module = (await import(url)) as { default?: unknown };
  const inner = (module.default as { default?: unknown } | undefined)?.default;
  const app = [inner, module.default].find((found) => typeof found === 'function' || Array.isArray(found));
  if (!app) throw new Error('exports no function that takes `app`');
  const noRoutes = (): never => {
    throw new Error('asks for routes of its own, which an app that is mounted as a plugin has not');
  };
  await probot.load(app as ApplicationFunction, { cwd: process.cwd(), getRouter: noRoutes, addHandler: noRoutes });
}

async function handle(probot: Probot, { id, delivery, name, payload }: AppEvent): Promise<void> {
  try {
    await current.run(id, () => probot.receive({ id: delivery, name, payload } as Parameters<Probot['receive']>[0]));
    say({ kind: 'done', id });
  } catch (error) {
    const errors: unknown[] = error instanceof AggregateError ? error.errors : [error];
    say({ kind: 'done', id, failed: errors.map(messageOf).join('; ') });
  }
}

/** A handler's failure that nobody waits for ends neither the thread nor the events of others. */
function onStray(error: unknown): void {
  const id = current.getStore();
  if (id !== undefined) say({ kind: 'done', id, failed: messageOf(error) });
  else say({ kind: 'log', line: JSON.stringify({ level: 50, msg: `Nobody caught: ${messageOf(error)}` }) });
}
process.on('uncaughtException', onStray);
process.on('unhandledRejection', onStray);

const probot = createProbot();
parentPort?.on('message', (message: ToApp) => {
  if (message.kind === 'ping') return say({ kind: 'pong' });
  if (message.kind === 'event') return void handle(probot, message.event);
  const pending = asked.get(message.request);
  asked.delete(message.request);
  if ('failed' in message.answer) pending?.reject(new TypeError(message.answer.failed));
  else pending?.resolve(toResponse(message.answer));
});
load(probot).then(
  () => say({ kind: 'ready' }),
  (error: unknown) => say({ kind: 'refused', message: messageOf(error) }),
);
