import { rm } from 'node:fs/promises';
import path from 'node:path';
import { CutwaterError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { MirrorPlace } from './mirror-places.ts';
import { runGit } from './run.ts';
import { leastRecentlyUsed, needsTidying, sweepLeftovers } from './space.ts';

const TIDY_TIMEOUT_MS = 1_800_000;

interface Tidying {
  folder: string;
  maxBytes: number;
  find(org: string, repo: string): MirrorPlace;
  /** Ends it early, when the program stops. */
  ended: AbortSignal;
  log: Logger;
}

/** Packs a mirror that has come to need it, and removes those unused for longest where all together take too much. */
export async function tidyMirrors(place: MirrorPlace, { folder, maxBytes, find, ended, log }: Tidying): Promise<void> {
  try {
    if (await needsTidying(place.dir)) await place.gate.alone(() => pack(place.dir, ended));
    for (const dir of await leastRecentlyUsed(folder, maxBytes)) {
      const other = find(path.basename(path.dirname(dir)), path.basename(dir, '.git'));
      await other.gate.alone(() => rm(dir, { recursive: true, force: true }));
    }
  } catch (err) {
    if (!ended.aborted) log.warn({ err }, 'Cannot tidy a mirror');
  }
}

async function pack(dir: string, signal: AbortSignal): Promise<void> {
  const args = ['gc', '--quiet', '--force', '--prune=now'];
  const { code, stderr } = await runGit({ gitDir: dir, args, timeoutMs: TIDY_TIMEOUT_MS, signal });
  if (code !== 0) throw new CutwaterError('transient', `cannot pack ${path.basename(dir)}: ${stderr.trim()}`);
  await sweepLeftovers(dir);
}
