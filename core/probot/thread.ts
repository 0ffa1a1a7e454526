import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { CutwaterError, messageOf } from '../errors.ts';
import type { AppAnswer, AppData, AppEvent, AppRequest, FromApp, ToApp } from './protocol.ts';
import { type Ask, createUnderWay, createWatch, ThreadLost } from './under-way.ts';

/** The longest time that an app may take to load, and that it may keep its thread busy without a pause. */
const LOAD_LIMIT_MS = 60_000;
const BUSY_LIMIT_MS = 10_000;
const MEMORY_MB = 512;
/** What Probot and we read them from; an app gets no credentials of the bot's. */
const SECRETS = [
  'GITHUB_TOKEN',
  'GH_TOKEN',
  'PRIVATE_KEY',
  'PRIVATE_KEY_PATH',
  'WEBHOOK_SECRET',
  'GITHUB_CLIENT_SECRET',
];

export interface ThreadOptions extends AppData {
  /** The app listens for one thing more. */
  onListens(what: string): void;
  onLog(line: string): void;
  busyLimitMs?: number | undefined;
}

/** An app in its thread. */
export interface AppThread {
  /** Resolves when all handlers have finished. Rejects with ThreadLost where the thread ended meanwhile, and with `invalid` where a handler failed. */
  handle(event: Omit<AppEvent, 'id'>, ask: Ask, signal: AbortSignal): Promise<void>;
  isLost(): boolean;
  close(): Promise<void>;
}

/** Starts a thread and loads the app; `config` where it does not load. */
export async function openThread(options: ThreadOptions): Promise<AppThread> {
  const { busyLimitMs = BUSY_LIMIT_MS } = options;
  const worker = startWorker(options);
  const say = (message: ToApp): void => worker.postMessage(message);
  const ready = Promise.withResolvers<void>();
  const underWay = createUnderWay();
  let lost: ThreadLost | undefined;

  async function end(reason: string): Promise<void> {
    lost ??= new ThreadLost(reason);
    watch.stop();
    ready.reject(new CutwaterError('config', reason));
    underWay.loseAll(lost);
    await worker.terminate();
  }

  const watch = createWatch(
    busyLimitMs,
    () => say({ kind: 'ping' }),
    () => void end(`did not pause for ${busyLimitMs / 1000} s`),
  );
  worker.on('error', (error) => void end(messageOf(error)));
  worker.on('exit', () => void end('ended its process'));
  worker.on('message', (message: FromApp) => {
    if (message.kind === 'pong') watch.heard();
    else if (message.kind === 'listens') options.onListens(message.for);
    else if (message.kind === 'log') options.onLog(message.line);
    else if (message.kind === 'ready') ready.resolve();
    else if (message.kind === 'refused') ready.reject(new CutwaterError('config', message.message));
    else if (message.kind === 'done') underWay.end(message.id, message.failed);
    else {
      const { request, ask } = message;
      void answerOf(underWay.askerOf(message.event), ask).then((answer) => say({ kind: 'answer', request, answer }));
    }
  });
  await loaded(ready.promise, end);

  return {
    isLost: () => lost !== undefined,
    async handle(event, ask, signal) {
      if (lost) throw lost;
      watch.start();
      try {
        await underWay.run(ask, signal, (id) => say({ kind: 'event', event: { ...event, id } }));
      } finally {
        if (underWay.isEmpty()) watch.stop();
      }
    },
    close: () => end('the program stops'),
  };
}

async function loaded(ready: Promise<void>, end: (reason: string) => Promise<void>): Promise<void> {
  const late = setTimeout(() => void end(`did not load within ${LOAD_LIMIT_MS / 1000} s`), LOAD_LIMIT_MS);
  try {
    await ready;
  } catch (error) {
    await end(messageOf(error));
    throw error;
  } finally {
    clearTimeout(late);
  }
}

async function answerOf(asker: Ask | undefined, request: AppRequest): Promise<AppAnswer | { failed: string }> {
  if (!asker)
    return { failed: 'an app that is mounted as a plugin asks GitHub while it handles an event, and only then' };
  try {
    return await asker(request);
  } catch (error) {
    return { failed: messageOf(error) };
  }
}

function startWorker({ url, baseUrl }: AppData): Worker {
  const script = new URL(`./worker${extname(import.meta.url)}`, import.meta.url);
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !SECRETS.includes(name)));
  const workerData: AppData = { url, baseUrl };
  const resourceLimits = { maxOldGenerationSizeMb: MEMORY_MB };
  const worker = new Worker(script, { workerData, env, execArgv: [], resourceLimits });
  worker.unref();
  return worker;
}
