import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { CutwaterError, messageOf } from '../errors.ts';
import type { AppAnswer, AppData, AppEvent, AppRequest, FromApp, ToApp } from './protocol.ts';

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

/** Makes an app's requests; rejects where GitHub could not be asked. */
export type Ask = (request: AppRequest) => Promise<AppAnswer>;

/** An app in its thread. */
export interface AppThread {
  /** Resolves when all handlers have finished. Rejects with ThreadLost where the thread ended meanwhile, and with `invalid` where a handler failed. */
  handle(event: Omit<AppEvent, 'id'>, ask: Ask, signal: AbortSignal): Promise<void>;
  isLost(): boolean;
  close(): Promise<void>;
}

/** The thread ended under an event: it called process.exit, ran out of memory, or did not pause for too long. Which event it was is not known. */
export class ThreadLost extends Error {}

interface UnderWay {
  ask: Ask;
  end: PromiseWithResolvers<void>;
}

/** Starts a thread and loads the app; `config` where it does not load. */
export async function openThread(options: ThreadOptions): Promise<AppThread> {
  const { url, baseUrl, onListens, onLog, busyLimitMs = BUSY_LIMIT_MS } = options;
  const worker = startWorker({ url, baseUrl });
  const ready = Promise.withResolvers<void>();
  const events = new Map<number, UnderWay>();
  let count = 0;
  let lost: ThreadLost | undefined;

  const say = (message: ToApp): void => worker.postMessage(message);

  function lose(reason: string): void {
    lost ??= new ThreadLost(reason);
    watch.stop();
    ready.reject(new CutwaterError('config', reason));
    for (const { end } of events.values()) end.reject(lost);
    events.clear();
  }

  const watch = createWatch(
    busyLimitMs,
    () => say({ kind: 'ping' }),
    () => {
      lose(`did not pause for ${busyLimitMs / 1000} s`);
      void worker.terminate();
    },
  );

  async function answer(request: number, event: number | undefined, asked: AppRequest): Promise<void> {
    const from = event === undefined ? undefined : events.get(event);
    const refuse = async (): Promise<AppAnswer> => {
      throw new Error('an app that is mounted as a plugin asks GitHub while it handles an event, and only then');
    };
    const result = await (from?.ask ?? refuse)(asked).catch((error: unknown) => ({ failed: messageOf(error) }));
    say({ kind: 'answer', request, answer: result });
  }

  worker.on('message', (message: FromApp) => {
    if (message.kind === 'pong') return watch.heard();
    if (message.kind === 'listens') return onListens(message.for);
    if (message.kind === 'log') return onLog(message.line);
    if (message.kind === 'ready') return ready.resolve();
    if (message.kind === 'refused') return ready.reject(new CutwaterError('config', message.message));
    if (message.kind === 'request') return void answer(message.request, message.event, message.ask);
    const { end } = events.get(message.id) ?? {};
    if (message.failed === undefined) end?.resolve();
    else end?.reject(new CutwaterError('invalid', message.failed));
  });
  worker.on('error', (error) => lose(messageOf(error)));
  worker.on('exit', () => lose('ended its process'));

  const close = async (): Promise<void> => {
    lose('the program stops');
    await worker.terminate();
  };
  const late = setTimeout(() => lose(`did not load within ${LOAD_LIMIT_MS / 1000} s`), LOAD_LIMIT_MS);
  try {
    await ready.promise;
  } catch (error) {
    await close();
    throw error;
  } finally {
    clearTimeout(late);
  }

  return {
    isLost: () => lost !== undefined,
    async handle(event, ask, signal) {
      if (lost) throw lost;
      if (signal.aborted) throw tooLong();
      const id = ++count;
      const end = Promise.withResolvers<void>();
      const given = (): void => end.reject(tooLong());
      signal.addEventListener('abort', given, { once: true });
      events.set(id, { ask, end });
      watch.start();
      try {
        say({ kind: 'event', event: { ...event, id } });
        await end.promise;
      } finally {
        signal.removeEventListener('abort', given);
        events.delete(id);
        if (events.size === 0) watch.stop();
      }
    },
    close,
  };
}

const tooLong = () => new CutwaterError('invalid', 'took too long');

function startWorker(workerData: AppData): Worker {
  const script = new URL(`./worker${extname(import.meta.url)}`, import.meta.url);
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !SECRETS.includes(name)));
  const worker = new Worker(script, {
    workerData,
    env,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  worker.unref();
  return worker;
}

/** Asks now and then whether the thread still turns, while it has something to do. */
function createWatch(limitMs: number, ping: () => void, silent: () => void) {
  let timer: NodeJS.Timeout | undefined;
  let waiting = false;
  const tick = (): void => {
    if (waiting) {
      silent();
      return;
    }
    waiting = true;
    ping();
  };
  return {
    start(): void {
      timer ??= setInterval(tick, limitMs);
    },
    heard(): void {
      waiting = false;
    },
    stop(): void {
      clearInterval(timer);
      timer = undefined;
      waiting = false;
    },
  };
}
