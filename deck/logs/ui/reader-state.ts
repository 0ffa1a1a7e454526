import type { Theme } from '../views.ts';

export type LiveState = 'off' | 'live' | 'catching-up' | 'stale';

/** What the script adds to a page; on the server all of it is at rest. */
export interface ReaderState {
  awake: boolean;
  now: number;
  live: LiveState;
  goodAt: number;
  follow: boolean;
  wrap: boolean;
  /** Lines that came after the last one shown, while not following. */
  unseen: number;
  setTheme(theme: Theme): void;
  setFollow(follow: boolean): void;
  setWrap(wrap: boolean): void;
  goTo(line: number): void;
  nextFinding(step: 1 | -1): void;
  earlier(): void;
  later(): void;
  retry(): void;
}

export const atRest: ReaderState = {
  awake: false,
  now: 0,
  live: 'off',
  goodAt: 0,
  follow: false,
  wrap: true,
  unseen: 0,
  setTheme: () => undefined,
  setFollow: () => undefined,
  setWrap: () => undefined,
  goTo: () => undefined,
  nextFinding: () => undefined,
  earlier: () => undefined,
  later: () => undefined,
  retry: () => undefined,
};
