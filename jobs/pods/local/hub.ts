import type { PodEvent } from '../backend.ts';

/** Hands every event to whoever watches. A watcher that lags keeps only the newest event of each pod waiting. */
export class PodHub {
  private readonly watchers = new Set<(event: PodEvent) => void>();

  publish(event: PodEvent): void {
    for (const tell of this.watchers) tell(event);
  }

  async *watch(first: Iterable<PodEvent>, signal: AbortSignal): AsyncGenerator<PodEvent> {
    const waiting = new Map<string, PodEvent>();
    let wake = () => {};
    const tell = (event: PodEvent) => {
      const key = `${event.pod.metadata.name} ${event.pod.metadata.uid}`;
      // Taken out first, so that it goes to the end: of two pods of one name the later one is told of later.
      waiting.delete(key);
      waiting.set(key, event);
      wake();
    };
    for (const event of first) tell(event);
    const stop = () => wake();
    this.watchers.add(tell);
    signal.addEventListener('abort', stop);
    try {
      while (!signal.aborted) {
        const [next] = waiting;
        if (next) {
          waiting.delete(next[0]);
          yield next[1];
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      this.watchers.delete(tell);
      signal.removeEventListener('abort', stop);
    }
  }
}
