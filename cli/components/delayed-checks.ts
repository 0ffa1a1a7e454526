import { LRUCache } from 'lru-cache';
import { isTransient } from '../../core/errors.ts';
import type { Logger } from '../../core/log.ts';
import type { Target } from '../../core/ports/index.ts';

/** How long after the wish, and after each look that settled nothing, the next look comes. */
const FIRST_WAIT_MS = 5_000;
const WAITS_MS = [3_000, 6_000, 30_000, 120_000];

const REMEMBERED = 20_000;

/** Looks at pull requests some seconds after it was asked to. */
export interface DelayedChecks {
  soon(at: Target, unlessWithinMs: number): void;
  /** Looks at once, or as soon as a look that is under way has ended. Never rejects. */
  now(at: Target): Promise<void>;
  /** Forgets what was looked at lately. */
  forget(): void;
  stop(): Promise<void>;
}

/** `check` says whether there was anything to see; where there was not, or GitHub failed, it is asked again a few times. */
export function createDelayedChecks(check: (at: Target) => Promise<boolean>, log: Logger): DelayedChecks {
  const waiting = new Map<string, NodeJS.Timeout>();
  const running = new Map<string, Promise<void>>();
  const lately = new LRUCache<string, number>({ max: REMEMBERED });
  let stopped = false;

  function plan(at: Target, wait: number, attempt: number): void {
    if (stopped) return;
    const key = keyOf(at);
    clearTimeout(waiting.get(key));
    const timer = setTimeout(() => {
      waiting.delete(key);
      void inTurn(at, attempt);
    }, wait);
    waiting.set(key, timer);
  }

  /** One look at a pull request at a time, or two would both write the comment. */
  async function inTurn(at: Target, attempt: number): Promise<void> {
    const key = keyOf(at);
    const run = (running.get(key) ?? Promise.resolve()).then(() => look(at, attempt));
    running.set(key, run);
    await run;
    if (running.get(key) === run) running.delete(key);
  }

  async function look(at: Target, attempt: number): Promise<void> {
    const fields = { org: at.org, repo: at.repo, pr: at.number };
    try {
      if (await check(at)) {
        lately.set(keyOf(at), performance.now());
        return;
      }
    } catch (err) {
      log.warn({ ...fields, err }, 'Failed to look whether a pull request can be merged');
      if (!isTransient(err)) return;
    }
    const wait = WAITS_MS[attempt];
    if (wait !== undefined && !waiting.has(keyOf(at))) plan(at, wait, attempt + 1);
  }

  return {
    soon(at, unlessWithinMs) {
      const before = lately.get(keyOf(at));
      if (before !== undefined && performance.now() - before < unlessWithinMs) return;
      plan(at, FIRST_WAIT_MS, 0);
    },
    now: (at) => inTurn(at, 0),
    forget: () => lately.clear(),
    async stop() {
      stopped = true;
      for (const timer of waiting.values()) clearTimeout(timer);
      await Promise.all(running.values());
    },
  };
}

function keyOf({ org, repo, number }: Target): string {
  return `${org}/${repo}#${number}`.toLowerCase();
}
