import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { CutwaterError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { CallOptions } from './calls.ts';
import { makeMirror } from './make-mirror.ts';
import type { Mirror, Mirrors, Remote } from './mirror.ts';
import { type MirrorPlace, mirrorPlaces } from './mirror-places.ts';
import { openMirror } from './open-mirror.ts';
import { DamagedMirror } from './remote-failure.ts';
import { sweepLeftovers } from './space.ts';
import { tidyMirrors } from './tidy-mirrors.ts';

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

const TEN_GIB = 10 * 1024 ** 3;

/** Bare mirrors of repositories in a folder, fetched without file contents, kept within a size (Prow: pkg/git/v2). */
export function createMirrors(options: MirrorsOptions): Mirrors {
  const { folder, log, maxBytes = TEN_GIB, timeoutMs = 600_000 } = options;
  const ended = new AbortController();
  const find = mirrorPlaces(folder);
  const running = new Set<Promise<unknown>>();
  // What a crash left half made.
  rmSync(path.join(folder, 'new'), { recursive: true, force: true });

  async function working<T>(
    how: 'shared' | 'alone',
    org: string,
    repo: string,
    work: (mirror: Mirror) => Promise<T>,
  ): Promise<T> {
    ended.signal.throwIfAborted();
    const entry = find(org, repo);
    const setting = { folder, timeoutMs, signal: ended.signal };
    const remote = (to = { org, repo }) => options.remote(to.org, to.repo);
    const once = () => entry.gate[how](async () => work(await openAt(entry, remote, setting)));
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
        void track(tidyMirrors(entry, { folder, maxBytes, find, ended: ended.signal, log }));
      }
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

/** Opens the mirror at its place, which is made where it is missing. */
async function openAt(
  place: MirrorPlace,
  remote: CallOptions['remote'],
  { folder, timeoutMs, signal }: { folder: string; timeoutMs: number; signal: AbortSignal },
): Promise<Mirror> {
  await place.turn.alone(async () => {
    if (!place.swept) await sweepLeftovers(place.dir);
    place.swept = true;
    await makeMirror(folder, place.dir, { timeoutMs, signal });
  });
  return openMirror({
    dir: place.dir,
    remote,
    timeoutMs,
    signal,
    inTurn: (fetch) => place.turn.alone(fetch),
    fetched: () => {
      place.dirty = true;
    },
  });
}
