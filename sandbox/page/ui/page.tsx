import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Chrome, CommandRow, Theme } from '../views.ts';

export type LiveState = 'off' | 'live' | 'catching-up' | 'stale';

export interface Toast {
  id: number;
  words: string;
  bad: boolean;
}

/** What the script adds to a page; on the server, and where scripts do not run, all of it is at rest. */
export interface Page {
  /** False on the server and until the script has taken over. */
  awake: boolean;
  now: number;
  live: LiveState;
  /** When the last good data came, in milliseconds; for the stale banner. */
  goodAt: number;
  retryInSeconds: number;
  retry(): void;
  commands: CommandRow[];
  /** Rows that came since and wait for the reader, so that nothing moves under the pointer. */
  newer: { count: number; show(): void };
  toasts: Toast[];
  dismiss(id: number): void;
  /** Text that a step of *Try this* puts into the box; the number makes each of them new. */
  draft: { text: string; turn: number };
  actAs(login: string): void;
  takeStep(id: string): void;
  setTheme(theme: Theme): void;
  send(action: string, fields: Record<string, string>): Promise<string | null>;
  tell(words: string, bad?: boolean): void;
}

export const atRest: Page = {
  awake: false,
  now: 0,
  live: 'off',
  goodAt: 0,
  retryInSeconds: 0,
  retry: () => undefined,
  commands: [],
  newer: { count: 0, show: () => undefined },
  toasts: [],
  dismiss: () => undefined,
  draft: { text: '', turn: 0 },
  actAs: () => undefined,
  takeStep: () => undefined,
  setTheme: () => undefined,
  send: async () => null,
  tell: () => undefined,
};

export const PageContext = createContext<Page>(atRest);
export const ChromeContext = createContext<Chrome | null>(null);

export function usePage(): Page {
  return useContext(PageContext);
}

export function useNow(): number {
  return useContext(PageContext).now;
}

/** The page's frame: whom the reader acts as, the repository, the theme. */
export function useChrome(): Chrome {
  const chrome = useContext(ChromeContext);
  if (!chrome) throw new Error('useChrome outside of a page');
  return chrome;
}
