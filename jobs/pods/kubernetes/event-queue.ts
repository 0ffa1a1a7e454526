/** Events of several sources in the order in which they came, for one reader. */
export class EventQueue<T> {
  private items: T[] = [];
  private failure: { error: unknown } | undefined;
  private wake = () => {};

  push(item: T): void {
    this.items.push(item);
    this.wake();
  }

  /** The reader gets this error after what was pushed before. */
  fail(error: unknown): void {
    this.failure = { error };
    this.wake();
  }

  /** Ends when the signal aborts. */
  async *read(signal: AbortSignal): AsyncGenerator<T> {
    const wake = () => this.wake();
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        const items = this.items;
        this.items = [];
        yield* items;
        if (this.failure) throw this.failure.error;
        if (this.items.length > 0 || signal.aborted) continue;
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }
}
