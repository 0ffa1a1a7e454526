import { setTimeout as pause } from 'node:timers/promises';
import { CutwaterError, isTransient } from '../errors.ts';

export interface RetryOptions {
  firstPauseMs: number;
  /** No pause is longer, nor longer than a tenth of the time that it has taken so far where that is more than `earlyPauseMs`. */
  longestPauseMs: number;
  earlyPauseMs: number;
  /** How long it is tried altogether before the failure is handed on. */
  patienceMs: number;
  /** Ends the pauses early, when the program stops. */
  signal: AbortSignal;
  onFailure(error: unknown, attempt: number): void;
}

/** Runs `attempt` until it succeeds, fails for a reason that time does not heal, or patience ends. */
export async function untilHealed<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const began = Date.now();
  const end = began + options.patienceMs;
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isTransient(error) || options.signal.aborted || Date.now() > end) throw error;
      options.onFailure(error, count);
    }
    const longest = Math.min(Math.max(options.earlyPauseMs, (Date.now() - began) / 10), options.longestPauseMs);
    const ms = Math.min(options.firstPauseMs * 2 ** (count - 1), longest);
    await pause(ms, undefined, { signal: options.signal }).catch(() => {});
  }
}

/** Gives `run` a signal that aborts after `ms`, and stops waiting for it then. */
export async function withTimeLimit<T>(ms: number, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), ms);
  const over = new Promise<never>((_, reject) => {
    limit.signal.addEventListener(
      'abort',
      () => reject(new CutwaterError('invalid', `did not finish within ${ms / 1000} s`)),
      { once: true },
    );
  });
  try {
    return await Promise.race([run(limit.signal), over]);
  } finally {
    clearTimeout(timer);
  }
}

/** A deterministic stream of numbers between 0 and 1 for each seed (mulberry32). */
export function seededRandom(seed: string): () => number {
  let state = 0;
  for (const char of seed) state = (Math.imul(state, 31) + (char.codePointAt(0) ?? 0)) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
