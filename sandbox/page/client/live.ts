import type { LiveState } from '../ui/page.tsx';
import type { LiveMessage } from '../views.ts';

const SILENCE_MS = 10_000;
const RETRY_MS = [1000, 2000, 4000, 8000, 15_000];

export interface LiveEvents {
  message(message: LiveMessage): void;
  state(state: LiveState, goodAt: number, retryInSeconds: number): void;
}

/** Follows one page's event stream: goes on from the last id known, pauses while the tab is hidden, says when it is stale. */
export class Live {
  readonly #events: LiveEvents;
  readonly #address: () => string;
  #source: EventSource | null = null;
  #tries = 0;
  #goodAt = Date.now();
  #retryAt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(address: () => string, events: LiveEvents) {
    this.#address = address;
    this.#events = events;
    setInterval(() => this.#watch(), 1000);
    document.addEventListener('visibilitychange', () => (document.hidden ? this.#close() : this.connect()));
  }

  /** Opens the stream anew, from what is known now. */
  connect(): void {
    this.#close();
    const source = new EventSource(this.#address());
    this.#source = source;
    source.addEventListener('open', () => this.#good());
    source.addEventListener('beat', () => this.#good());
    source.addEventListener('view', (event) => {
      this.#good();
      this.#events.message(JSON.parse(event.data));
    });
    source.addEventListener('error', () => this.#lost());
  }

  #good(): void {
    this.#tries = 0;
    this.#goodAt = Date.now();
    this.#events.state('live', this.#goodAt, 0);
  }

  #lost(): void {
    this.#close();
    const wait = RETRY_MS[Math.min(this.#tries++, RETRY_MS.length - 1)] ?? 1000;
    this.#retryAt = Date.now() + wait;
    this.#retry = setTimeout(() => this.connect(), wait);
    this.#watch();
  }

  #close(): void {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
  }

  #watch(): void {
    if (document.hidden) return;
    const silence = Date.now() - this.#goodAt;
    const open = this.#source?.readyState === EventSource.OPEN;
    if (open && silence > SILENCE_MS) this.#lost();
    if (open) return;
    const wait = Math.max(0, Math.ceil((this.#retryAt - Date.now()) / 1000));
    this.#events.state(silence > SILENCE_MS ? 'stale' : 'catching-up', this.#goodAt, wait);
  }
}
