import { CutwaterError } from '../../core/errors.ts';
import type { ProwJob } from '../api/prowjob.ts';
import type { ProwJobFilter, WatchEvent } from '../api/store.ts';
import { type JobFacts, matches } from './filter.ts';

interface LoggedEvent {
  type: 'added' | 'modified' | 'deleted';
  facts: JobFacts;
  body: string;
}

/**
 * The last events of the store, one per version, without gaps. A watcher is only a position in it: however slow it is, it costs
 * no memory, and one that falls behind the kept events is told so (`gone`) and lists again.
 */
export class EventLog {
  private readonly kept: number;
  private readonly events: LoggedEvent[] = [];
  private last: number;
  private waiters: (() => void)[] = [];
  private closed = false;

  constructor(last: number, kept: number) {
    this.last = last;
    this.kept = kept;
  }

  /** Adds what happened as version `last + 1` and wakes the watchers. */
  append(event: LoggedEvent): void {
    this.events.push(event);
    this.last += 1;
    // Cut in steps: taking one element off the front of a long array on every event would copy it every time.
    if (this.events.length > this.kept * 2) this.events.splice(0, this.events.length - this.kept);
    this.wake();
  }

  /** Ends every watch. */
  close(): void {
    this.closed = true;
    this.wake();
  }

  async *follow(from: number, signal: AbortSignal, filter?: ProwJobFilter): AsyncGenerator<WatchEvent> {
    const wake = () => this.wake();
    signal.addEventListener('abort', wake);
    try {
      let position = from;
      this.assertKept(position);
      const caughtUp = this.last;
      while (!signal.aborted && !this.closed) {
        if (position === this.last) {
          await this.change();
          continue;
        }
        this.assertKept(position);
        const event = this.at(position + 1);
        position += 1;
        const resourceVersion = String(position);
        if (matches(event.facts, filter)) {
          yield { type: event.type, job: JSON.parse(event.body) as ProwJob, resourceVersion };
        } else if (position === caughtUp) {
          yield { type: 'bookmark', resourceVersion };
        }
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  private at(version: number): LoggedEvent {
    const event = this.events[version - (this.last - this.events.length) - 1];
    if (!event) throw new CutwaterError('gone', `version ${version} is not kept`);
    return event;
  }

  private assertKept(position: number): void {
    if (position < this.last - this.events.length || position > this.last) {
      throw new CutwaterError('gone', `too old resource version: ${position}`);
    }
  }

  private change(): Promise<void> {
    return new Promise((resolve) => this.waiters.push(resolve));
  }

  private wake(): void {
    const waiting = this.waiters;
    this.waiters = [];
    for (const resolve of waiting) resolve();
  }
}
