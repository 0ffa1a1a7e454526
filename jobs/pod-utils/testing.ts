import { PassThrough } from 'node:stream';
import { createLogger } from '../../core/log.ts';
import type { UtilityRuntime } from './runtime.ts';

/** A runtime whose signals and output a test has in its hands. */
export interface TestRuntime extends UtilityRuntime {
  interrupt(signal: NodeJS.Signals): void;
  /** Everything written to standard output so far. */
  output(): string;
}

export function testRuntime(): TestRuntime {
  const stdout = new PassThrough();
  const chunks: Buffer[] = [];
  stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const listeners = new Set<(signal: NodeJS.Signals) => void>();
  return {
    stdout,
    log: createLogger('test', 'silent'),
    onInterrupt(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    interrupt(signal) {
      for (const listener of [...listeners]) listener(signal);
    },
    output: () => Buffer.concat(chunks).toString('utf8'),
  };
}
