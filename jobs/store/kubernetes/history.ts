import { CutwaterError } from '../../../core/errors.ts';
import type { ProwJobFilter, WatchEvent } from '../../api/store.ts';
import { matches } from '../filter.ts';
import { type Entry, unpack } from './entry.ts';

export interface Happening {
  type: 'added' | 'modified' | 'deleted';
  entry: Entry;
}

interface Kept extends Happening {
  version: number;
  /** A watch resumed from here misses nothing: of several events of one version, only the last may carry it. */
  resume: number;
}

/**
 * The last events that the API server told, so that one connection serves every watcher in the process. A watcher is a position
 * in it: however slow it is, it costs no memory, and one that falls behind is told so (`gone`) and lists again.
 */
export class History {
  private readonly kept: number;
  private events: Kept[] = [];
  /** The position of events[0] since the beginning. */
  private first = 0;
  /** Everything after this version is in `events`. */
  private floor = 0;
  private reached = 0;
  private waiters: (() => void)[] = [];

  constructor(kept: number) {
    this.kept = kept;
  }

  /** The version up to which all is known. */
  get version(): number {
    return this.reached;
  }

  /** The first list was read: what it held are no events. */
  begin(version: number): void {
    this.floor = version;
    this.advance(version);
  }

  /** Adds what happened up to `version`: one event of a watch, or what a new list has shown. */
  append(events: Happening[], version: number): void {
    const before = this.reached;
    for (const [index, event] of events.entries()) {
      this.events.push({ ...event, version, resume: index === events.length - 1 ? version : before });
    }
    // Cut in steps: taking one element off the front of a long array on every event would copy it every time.
    if (this.events.length >= this.kept * 2) {
      const cut = this.events.length - this.kept;
      this.floor = this.events[cut - 1]?.version ?? this.floor;
      this.events = this.events.slice(cut);
      this.first += cut;
    }
    this.advance(version);
  }

  advance(version: number): void {
    this.reached = version;
    this.wake();
  }

  /** Resolves once `reached`, which is asked at each change of `version`, or when the signal aborts, and leaves nothing on it: signals outlive millions of waits. */
  async until(reached: () => boolean, signal: AbortSignal): Promise<void> {
    const wake = () => this.wake();
    signal.addEventListener('abort', wake);
    while (!reached() && !signal.aborted) await new Promise<void>((resolve) => this.waiters.push(resolve));
    signal.removeEventListener('abort', wake);
  }

  async *follow(from: number, signal: AbortSignal, filter?: ProwJobFilter): AsyncGenerator<WatchEvent> {
    if (from < this.floor) throw new CutwaterError('gone', `too old resource version: ${from}`);
    const later = this.events.findIndex(({ version }) => version > from);
    let position = this.first + (later < 0 ? this.events.length : later);
    let told = from;
    while (!signal.aborted) {
      if (position < this.first) throw new CutwaterError('gone', 'the watcher fell behind the events that are kept');
      const event = this.events[position - this.first];
      if (event) {
        position += 1;
        if (!matches(event.entry.facts, filter)) continue;
        told = event.resume;
        yield { type: event.type, job: unpack(event.entry), resourceVersion: String(told) };
      } else if (told < this.reached) {
        told = this.reached;
        yield { type: 'bookmark', resourceVersion: String(told) };
      } else await this.until(() => position - this.first < this.events.length || told < this.reached, signal);
    }
  }

  private wake(): void {
    const waiting = this.waiters;
    this.waiters = [];
    for (const resolve of waiting) resolve();
  }
}
