import { atRest, type ReaderState } from '../ui/reader-state.ts';
import type { JobNews, JobView, LogWindow, Theme, View } from '../views.ts';
import { joined, lastOf } from './window.ts';

const CHUNK = 500;
const SILENCE_MS = 10_000;
const RETRY_MS = 2000;

/** What one open log page knows and does: its window of lines, whether it follows the end, and the stream that says how far the log is. */
export class Reader {
  view: View;
  state: ReaderState;
  readonly #changed: () => void;
  #source: EventSource | null = null;
  #loading: Promise<void> = Promise.resolve();
  /** What to scroll to once the lines are on the page. */
  #then: (() => void) | null = null;

  constructor(first: View, changed: () => void) {
    this.view = first;
    this.#changed = changed;
    this.state = { ...atRest, now: Date.parse(first.chrome.now) };
  }

  start(): void {
    const running = this.view.kind === 'job' && this.view.job.ended === null;
    const aimed = location.hash.startsWith('#L') || location.search.includes('from=');
    this.#set({
      awake: true,
      now: Date.now(),
      goodAt: Date.now(),
      follow: running && !aimed,
      setTheme: (theme) => this.#setTheme(theme),
      setFollow: (follow) => this.setFollow(follow),
      setWrap: (wrap) => this.#set({ wrap }),
      goTo: (line) => void this.goTo(line),
      nextFinding: (step) => this.nextFinding(step),
      earlier: () => void this.#earlier(),
      later: () => void this.#later(),
      retry: () => this.#connect(),
    });
    setInterval(() => this.#tick(), 1000);
    if (this.view.kind !== 'job') return;
    if (!this.view.log.whole) this.#connect();
    document.addEventListener('scroll', (event) => this.#scrolled(event), { capture: true, passive: true });
    window.addEventListener('hashchange', () => this.#firstPlace());
    this.#then = () => this.#firstPlace();
    this.#changed();
  }

  /** Runs what waits for the lines to be there; called after each render. */
  settle(): void {
    const then = this.#then;
    this.#then = null;
    then?.();
  }

  setFollow(follow: boolean): void {
    this.#set({ follow, ...(follow ? { unseen: 0 } : {}) });
    if (follow) void this.#toEnd();
  }

  async goTo(line: number): Promise<void> {
    const view = this.#job();
    if (!view) return;
    this.#set({ follow: false });
    const { window } = view;
    if (line < window.first || line > lastOf(window)) await this.#show(Math.max(1, line - 40));
    history.replaceState(null, '', `#L${line}`);
    this.#after(() => mark(line));
  }

  nextFinding(step: 1 | -1): void {
    const view = this.#job();
    if (!view || view.log.findings.length === 0) return;
    const now = Number(/^#L(\d+)/.exec(location.hash)?.[1] ?? 0);
    const lines = view.log.findings.map(({ line }) => line);
    const next = step > 0 ? lines.find((line) => line > now) : lines.findLast((line) => line < now);
    void this.goTo(next ?? (step > 0 ? (lines[0] ?? 1) : (lines.at(-1) ?? 1)));
  }

  #job(): JobView | null {
    return this.view.kind === 'job' ? this.view : null;
  }

  #connect(): void {
    const view = this.#job();
    if (!view) return;
    this.#source?.close();
    const source = new EventSource(`${view.job.href}/live`);
    this.#source = source;
    const good = () => this.#set({ live: 'live', goodAt: Date.now() });
    source.addEventListener('open', good);
    source.addEventListener('beat', good);
    source.addEventListener('news', (event) => {
      good();
      this.#news(JSON.parse(event.data));
    });
    source.addEventListener('error', () => {
      source.close();
      if (this.#source === source) setTimeout(() => this.#connect(), RETRY_MS);
    });
  }

  #news(news: JobNews): void {
    const view = this.#job();
    if (!view) return;
    this.view = { ...view, ...news };
    document.title = `${news.job.state}: ${news.job.job} ${news.job.build} · Cutwater`;
    const unseen = news.log.lines - lastOf(view.window);
    this.#set({ unseen: this.state.follow ? 0 : Math.max(0, unseen) });
    if (this.state.follow) void this.#toEnd();
    if (news.log.whole) {
      this.#source?.close();
      this.#source = null;
      this.#set({ live: 'off' });
    }
  }

  /** Loads what is missing up to the end, one request at a time, and scrolls there. */
  #toEnd(): Promise<void> {
    this.#loading = this.#loading.then(async () => {
      const view = this.#job();
      if (!view || view.log.lines === 0) return;
      const last = lastOf(view.window);
      // The last line may have gone on since: it is read again.
      if (view.log.lines - last > CHUNK) await this.#show(Math.max(1, view.log.lines - CHUNK + 1));
      else await this.#join(Math.max(1, last), view.log.lines - last + 1, true);
      if (this.state.follow) this.#after(scrollToEnd);
    });
    return this.#loading;
  }

  async #earlier(): Promise<void> {
    const view = this.#job();
    if (!view || view.window.first === 1) return;
    const first = Math.max(1, view.window.first - CHUNK);
    const anchor = view.window.first;
    await this.#join(first, view.window.first - first);
    this.#after(() => document.getElementById(`L${anchor}`)?.scrollIntoView({ block: 'start' }));
  }

  async #later(): Promise<void> {
    const view = this.#job();
    if (view && lastOf(view.window) < view.log.lines) await this.#join(lastOf(view.window) + 1, CHUNK);
  }

  async #show(first: number): Promise<void> {
    const window = await this.#lines(first, CHUNK);
    const view = this.#job();
    if (!view || !window) return;
    this.view = { ...view, window };
    this.#changed();
  }

  async #join(first: number, count: number, replaceLast = false): Promise<void> {
    const added = await this.#lines(first, Math.min(count, CHUNK));
    const view = this.#job();
    if (!view || !added) return;
    const { window } = view;
    const shown = replaceLast
      ? { first: window.first, lines: window.lines.slice(0, Math.max(0, first - window.first)) }
      : window;
    this.view = { ...view, window: joined(shown, added) };
    this.#changed();
  }

  async #lines(first: number, count: number): Promise<LogWindow | null> {
    const view = this.#job();
    if (!view) return null;
    try {
      const response = await fetch(`${view.job.href}/lines?from=${first}&count=${count}`);
      return response.ok ? await response.json() : null;
    } catch {
      return null;
    }
  }

  #scrolled(event: Event): void {
    const box = event.target;
    if (!(box instanceof HTMLElement) || box.id !== 'log') return;
    const below = box.scrollHeight - box.scrollTop - box.clientHeight;
    if (this.state.follow && below > 60) this.#set({ follow: false });
    const view = this.#job();
    if (!this.state.follow && below < 4 && view?.job.ended === null && lastOf(view.window) >= view.log.lines) {
      this.setFollow(true);
    }
  }

  #firstPlace(): void {
    const asked = Number(/^#L(\d+)/.exec(location.hash)?.[1] ?? 0);
    if (asked > 0) void this.goTo(asked);
    else if (this.state.follow) scrollToEnd();
    else this.#showFirstFinding();
  }

  #showFirstFinding(): void {
    const view = this.#job();
    const found = view?.job.state === 'success' ? undefined : view?.log.findings[0]?.line;
    const box = document.getElementById('log');
    const line = found === undefined ? null : document.getElementById(`L${found}`);
    if (box && line) box.scrollTop = line.offsetTop - box.clientHeight / 3;
  }

  #tick(): void {
    if (document.hidden) return;
    const silent = this.#source !== null && Date.now() - this.state.goodAt > SILENCE_MS;
    const waiting = this.#source !== null && this.#source.readyState !== EventSource.OPEN;
    const live = silent ? 'stale' : waiting ? 'catching-up' : this.state.live;
    this.#set({ now: Date.now(), live });
  }

  #setTheme(theme: Theme): void {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not there yet in every browser that we serve
    document.cookie = `deck-theme=${theme}; path=/; max-age=31536000; samesite=lax`;
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    this.view = { ...this.view, chrome: { ...this.view.chrome, theme } };
    this.#changed();
  }

  #after(then: () => void): void {
    this.#then = then;
    this.#changed();
  }

  #set(parts: Partial<ReaderState>): void {
    this.state = { ...this.state, ...parts };
    this.#changed();
  }
}

function scrollToEnd(): void {
  const box = document.getElementById('log');
  if (box) box.scrollTop = box.scrollHeight;
}

function mark(line: number): void {
  for (const old of document.querySelectorAll('.log-lines li.here')) old.classList.remove('here');
  const row = document.getElementById(`L${line}`);
  row?.classList.add('here');
  const box = document.getElementById('log');
  if (row && box) box.scrollTop = row.offsetTop - box.clientHeight / 3;
  row?.querySelector('a')?.focus({ preventScroll: true });
}
