import { rmSync } from 'node:fs';
import { mkdir, rename, rm, utimes } from 'node:fs/promises';
import path from 'node:path';
import { CutwaterError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { createGate, type Gate } from './gate.ts';
import type { Mirror, Mirrors, Remote } from './mirror.ts';
import { openMirror } from './open-mirror.ts';
import { DamagedMirror } from './remote-failure.ts';
import { runGit } from './run.ts';
import { leastRecentlyUsed, needsTidying, sweepLeftovers } from './space.ts';

export interface MirrorsOptions {
  /** The folder that holds them; nothing else may be in it. */
  folder: string;
  remote(org: string, repo: string): Promise<Remote>;
  log: Logger;
  /** What all mirrors together may take; those unused for longest are removed first (10 GiB). */
  maxBytes?: number | undefined;
  /** How long one call of git may take, in milliseconds (600,000). */
  timeoutMs?: number | undefined;
}

const NAME = /^[A-Za-z0-9_.-]{1,100}$/;
const TEN_GIB = 10 * 1024 ** 3;
const TIDY_TIMEOUT_MS = 1_800_000;

interface Open {
  dir: string;
  gate: Gate;
  /** Fetches of one repository take turns, so that what one brings is there for the next. */
  turn: Gate;
  dirty: boolean;
  /** What an earlier process left in it is gone. */
  swept: boolean;
}

/** Bare mirrors of repositories in a folder, fetched without file contents, kept within a size (Prow: pkg/git/v2). */
export function createMirrors(options: MirrorsOptions): Mirrors {
  const { folder, log, maxBytes = TEN_GIB, timeoutMs = 600_000 } = options;
  const ended = new AbortController();
  const open = new Map<string, Open>();
  const running = new Set<Promise<unknown>>();
  // What a crash left half made.
  rmSync(path.join(folder, 'new'), { recursive: true, force: true });

  function find(org: string, repo: string): Open {
    const key = keyOf(org, repo);
    const found = open.get(key) ?? {
      dir: path.join(folder, key),
      gate: createGate(),
      turn: createGate(),
      dirty: false,
      swept: false,
    };
    open.set(key, found);
    return found;
  }

  async function attempt<T>(org: string, repo: string, work: (mirror: Mirror) => Promise<T>): Promise<T> {
    const entry = find(org, repo);
    const signal = ended.signal;
    const remote = (to = { org, repo }) => options.remote(to.org, to.repo);
    await entry.turn.alone(async () => {
      if (!entry.swept) await sweepLeftovers(entry.dir);
      entry.swept = true;
      await make(folder, entry.dir, { timeoutMs, signal });
    });
    const mirror = openMirror({
      dir: entry.dir,
      remote,
      timeoutMs,
      signal,
      inTurn: (fetch) => entry.turn.alone(fetch),
      fetched: () => {
        entry.dirty = true;
      },
    });
    return work(mirror);
  }

  async function working<T>(
    how: 'shared' | 'alone',
    org: string,
    repo: string,
    work: (mirror: Mirror) => Promise<T>,
  ): Promise<T> {
    ended.signal.throwIfAborted();
    const entry = find(org, repo);
    const once = () => entry.gate[how](() => attempt(org, repo, work));
    try {
      return await once();
    } catch (error) {
      if (!(error instanceof DamagedMirror)) throw error;
      log.warn({ err: error, org, repo }, 'A mirror is damaged and is made anew');
      await entry.gate.alone(() => rm(entry.dir, { recursive: true, force: true }));
      return await once().catch((again: unknown) => {
        throw again instanceof DamagedMirror ? new CutwaterError('transient', again.message, { cause: again }) : again;
      });
    } finally {
      if (entry.dirty) {
        entry.dirty = false;
        void track(tidy(entry));
      }
    }
  }

  async function tidy(entry: Open): Promise<void> {
    try {
      if (await needsTidying(entry.dir)) await entry.gate.alone(() => pack(entry.dir, ended.signal));
      for (const dir of await leastRecentlyUsed(folder, maxBytes)) {
        const other = find(path.basename(path.dirname(dir)), path.basename(dir, '.git'));
        await other.gate.alone(() => rm(dir, { recursive: true, force: true }));
      }
    } catch (err) {
      if (!ended.signal.aborted) log.warn({ err }, 'Cannot tidy a mirror');
    }
  }

  function track<T>(task: Promise<T>): Promise<T> {
    running.add(task);
    const done = () => running.delete(task);
    task.then(done, done);
    return task;
  }

  return {
    use: (org, repo, work) => track(working('shared', org, repo, work)),
    alone: (org, repo, work) => track(working('alone', org, repo, work)),
    async close() {
      ended.abort(new CutwaterError('transient', 'the program is stopping'));
      await Promise.allSettled(running);
    },
  };
}

/** The folder's name of a repository. Names that GitHub would not allow are refused: they could lead elsewhere. */
function keyOf(org: string, repo: string): string {
  for (const name of [org, repo])
    if (!NAME.test(name) || /^\.+$/.test(name))
      throw new CutwaterError('invalid', `${JSON.stringify(name)} is no name of an organization or repository`);
  // GitHub's names are the same in any case.
  return path.join(org.toLowerCase(), `${repo.toLowerCase()}.git`);
}

/** Makes an empty mirror beside its place and puts it there at once, so that a crash leaves none that is half made. */
async function make(
  folder: string,
  dir: string,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<void> {
  const now = new Date();
  // Its time says when it was last used.
  const there = await utimes(dir, now, now).then(
    () => true,
    () => false,
  );
  if (there) return;
  const fresh = path.join(folder, 'new', `${path.basename(path.dirname(dir))}+${path.basename(dir)}`);
  await mkdir(fresh, { recursive: true });
  const args = ['init', '--quiet', '--bare', '--template='];
  const { code, stderr } = await runGit({ gitDir: fresh, args, timeoutMs, signal });
  if (code !== 0) throw new CutwaterError('transient', `cannot make a mirror: ${stderr.trim()}`);
  await mkdir(path.dirname(dir), { recursive: true });
  await rename(fresh, dir);
}

async function pack(dir: string, signal: AbortSignal): Promise<void> {
  const args = ['gc', '--quiet', '--force', '--prune=now'];
  const { code, stderr } = await runGit({ gitDir: dir, args, timeoutMs: TIDY_TIMEOUT_MS, signal });
  if (code !== 0) throw new CutwaterError('transient', `cannot pack ${path.basename(dir)}: ${stderr.trim()}`);
  await sweepLeftovers(dir);
}
