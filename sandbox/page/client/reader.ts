import { atRest, type Page } from '../ui/page.tsx';
import type { Answer, CommandRow, Theme, View } from '../views.ts';
import { Live } from './live.ts';
import { isOvertaken, patched, settled } from './merge.ts';
import { load, post } from './send.ts';

/** What one open page knows and does: its view, kept up to date, and the actions of the person reading it. */
export class Reader {
  /** What is shown; `#known` may hold rows that wait for the reader. */
  view: View;
  page: Page;
  readonly #changed: () => void;
  readonly #live: Live;
  #known: View;
  #toasts = 0;

  constructor(first: View, changed: () => void) {
    this.view = first;
    this.#known = first;
    this.#changed = changed;
    this.page = { ...atRest, now: Date.parse(first.chrome.now) };
    this.#live = new Live(() => this.#streamAddress(), {
      message: (message) => this.#take(patched(this.#known, message)),
      state: (live, goodAt, retryInSeconds) => this.#set({ live, goodAt, retryInSeconds }),
    });
  }

  /** Takes over from the server's page: opens the stream, starts the one clock, fetches the commands. */
  async start(): Promise<void> {
    this.#set({
      awake: true,
      now: Date.now(),
      retry: () => this.#live.connect(),
      dismiss: (id) => this.#set({ toasts: this.page.toasts.filter((toast) => toast.id !== id) }),
      actAs: (login) => void this.actAs(login),
      takeStep: (id) => void this.#takeStep(id),
      setTheme: (theme) => void this.#setTheme(theme),
      send: (action, fields) => this.submit(action, fields),
      tell: (words, bad) => this.tell(words, bad),
    });
    this.#live.connect();
    setInterval(() => {
      if (!document.hidden) this.#set({ now: Date.now() });
    }, 1000);
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) void this.reload();
    });
    const path = encodeURIComponent(this.view.chrome.path);
    this.#set({ commands: (await load<CommandRow[]>(`/-/commands?path=${path}`)) ?? [] });
  }

  /** Sends a form; the reason where it was refused, else null. */
  async submit(action: string, fields: Record<string, string> | FormData): Promise<string | null> {
    return this.#follow(await post(action, fields));
  }

  async actAs(login: string): Promise<void> {
    const problem = await this.submit('/-/acting-as', { login, back: this.view.chrome.path });
    if (problem) return this.tell(problem, true);
    this.#live.connect();
  }

  actAsNumber(index: number): void {
    const person = this.view.chrome.people[index];
    if (person) void this.actAs(person.login);
  }

  begin(text: string): void {
    this.#set({ draft: { text, turn: this.page.draft.turn + 1 } });
  }

  showNewer(): void {
    this.#show(this.#known, 0);
  }

  tell(words: string, bad = false): void {
    this.#set({ toasts: [...this.page.toasts, { id: ++this.#toasts, words, bad }] });
  }

  async reload(): Promise<void> {
    const before = this.#known;
    const fresh = await load<View>(this.view.chrome.path);
    if (fresh && !isOvertaken(fresh, before, this.#known)) this.#take(fresh);
  }

  #streamAddress(): string {
    const { version, chrome } = this.#known;
    return `/-/live?since=${version}&path=${encodeURIComponent(chrome.path)}`;
  }

  #take(fresh: View): void {
    this.#known = fresh;
    const { view, newer } = settled(this.view, fresh);
    this.#show(view, newer);
  }

  #show(view: View, newer: number): void {
    this.view = view;
    document.title = view.chrome.title;
    this.#set({ newer: { count: newer, show: () => this.showNewer() } });
  }

  #set(parts: Partial<Page>): void {
    this.page = { ...this.page, ...parts };
    this.#changed();
  }

  async #follow(answer: Answer): Promise<string | null> {
    if (!answer.ok) return answer.problem;
    if (answer.to === '' || answer.to === this.view.chrome.path) await this.reload();
    else location.assign(answer.to);
    return null;
  }

  async #takeStep(id: string): Promise<void> {
    const answer = await post('/-/step', { step: id, back: this.view.chrome.path });
    if (!answer.ok) return this.tell(answer.problem, true);
    const here = this.view.kind === 'pull' && this.view.tab === 'conversation';
    if (!here || new URL(answer.to, location.href).pathname !== location.pathname) return location.assign(answer.to);
    await this.reload();
    this.#live.connect();
    if (answer.say) this.begin(answer.say);
  }

  async #setTheme(theme: Theme): Promise<void> {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    const problem = await this.submit('/-/theme', { theme, back: this.view.chrome.path });
    if (problem) this.tell(problem, true);
  }
}
