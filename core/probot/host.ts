import { pino } from 'pino';
import { CutwaterError, messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { AppEvent } from './protocol.ts';
import { type AppThread, openThread } from './thread.ts';
import { type Ask, ThreadLost } from './under-way.ts';

export interface HostOptions {
  /** The module's file:// address. */
  url: string;
  /** GitHub's REST API. */
  baseUrl: string;
  log: Logger;
  onListens(what: string): void;
  /** The thread ended under its events. */
  onLost(): void;
  busyLimitMs?: number | undefined;
}

/** An app that stays mounted, whatever becomes of its threads. */
export interface AppHost {
  /** Rejects with `invalid` where a handler failed, and where the event ends even a thread of its own; with `transient` where the program stops. */
  handle(event: Omit<AppEvent, 'id'>, ask: Ask, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Loads an app; `config` where it does not load. */
export async function openHost(options: HostOptions): Promise<AppHost> {
  const { log, onLost } = options;
  const open = () => openThread({ ...options, onLog: (line) => writeLine(log, line) });
  let thread = await open();
  let opening: Promise<AppThread> | undefined;
  let alone: Promise<unknown> = Promise.resolve();
  let closed = false;

  async function current(): Promise<AppThread> {
    if (!thread.isLost()) return thread;
    // Of several that find it lost, one opens the next.
    opening ??= open().finally(() => {
      opening = undefined;
    });
    thread = await opening;
    return thread;
  }

  /** The event that ended the thread is not known: each is tried once more in a thread of its own, and the guilty one is alone there. */
  async function handleAlone(...given: Parameters<AppHost['handle']>): Promise<void> {
    const own = await open();
    try {
      await own.handle(...given);
    } catch (error) {
      if (!(error instanceof ThreadLost)) throw error;
      throw new CutwaterError('invalid', `the app ${error.message}`);
    } finally {
      await own.close();
    }
  }

  return {
    async handle(...given) {
      try {
        return await (await current()).handle(...given);
      } catch (error) {
        if (closed) throw new CutwaterError('transient', 'the program stops');
        if (!(error instanceof ThreadLost)) throw error;
        onLost();
        log.warn({ reason: error.message }, "A Probot app's thread ended; its events are tried again, one by one");
      }
      const turn = alone.then(() => handleAlone(...given));
      alone = turn.catch(() => undefined);
      return turn;
    },
    async close() {
      closed = true;
      await thread.close();
    },
  };
}

function writeLine(log: Logger, line: string): void {
  try {
    const { level, msg, time: _, pid: __, hostname: ___, ...fields } = JSON.parse(line) as Record<string, unknown>;
    const name = pino.levels.labels[Number(level)] ?? 'info';
    log[name as 'info'](fields, String(msg ?? ''));
  } catch (error) {
    log.info({ reason: messageOf(error) }, line);
  }
}
