import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * What a request is for. Where GitHub's budget runs short the first waits last: merging, then deciding about trust and jobs, then reporting, then labels
 * and the rest, then what is only for fun.
 */
export type Priority = 'merge' | 'trigger' | 'report' | 'label' | 'fun';

/** On whose account a request goes in the figures and in the queue. */
export interface Spender {
  /** The plugin or component, as in the metrics. */
  plugin: string;
  /** `org/repo`, or `org`, or empty. */
  repo: string;
  priority: Priority;
}

const current = new AsyncLocalStorage<Spender>();
const NOBODY: Spender = { plugin: '', repo: '', priority: 'label' };

/** Runs `task`; every request to GitHub in it, awaited or not, is `spender`'s. */
export function asSpender<T>(spender: Spender, task: () => T): T {
  return current.run(spender, task);
}

export function currentSpender(): Spender {
  return current.getStore() ?? NOBODY;
}
