import type { Writable } from 'node:stream';
import { createLogger, type Logger } from '../../core/log.ts';

/** Environment variables as a process has them. */
export type Env = Record<string, string | undefined>;

/** What a pod utility needs of the process it runs in; tests, and a caller that runs it inside itself, bring their own. */
export interface UtilityRuntime {
  stdout: Writable;
  log: Logger;
  /** Calls `listener` on each SIGINT and SIGTERM until the returned function is called. */
  onInterrupt(listener: (signal: NodeJS.Signals) => void): () => void;
}

/** The runtime of a pod utility that is a process of its own. */
export function processRuntime(component: string): UtilityRuntime {
  return { stdout: process.stdout, log: createLogger(component), onInterrupt: listenForInterrupts };
}

function listenForInterrupts(listener: (signal: NodeJS.Signals) => void): () => void {
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}
