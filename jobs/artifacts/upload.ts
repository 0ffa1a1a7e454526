import { setTimeout as sleep } from 'node:timers/promises';
import { CutwaterError, hasCode, messageOf } from '../../core/errors.ts';
import type { ObjectAttributes, Source, Storage } from '../../core/storage/index.ts';

/** One object to write. Where the first source proves not to be what its name says, the next one is taken. */
export interface UploadTarget {
  path: string;
  sources: readonly [Source, ...Source[]];
  attributes?: ObjectAttributes;
  size?: number;
}

export interface UploadPlan {
  /** Objects written side by side. */
  concurrency: number;
  /** Pauses in milliseconds between rounds; each round takes what a storage that was away refused in the one before. */
  pauses: readonly number[];
}

/** So many objects in a row that can not be written, and the storage is taken to be away: the rest waits for the next round. */
const AWAY_AFTER = 20;

/**
 * Writes the targets, in their order as far as they do not go side by side. Transient failures are tried again in rounds. Throws
 * `transient` (or `invalid` where trying again is useless) with the first failures named, after all that could be written is.
 */
export async function upload(storage: Storage, targets: readonly UploadTarget[], plan: UploadPlan): Promise<void> {
  const refused: Failure[] = [];
  let failed = await round(storage, targets, plan.concurrency);
  for (const pause of plan.pauses) {
    refused.push(...failed.filter(({ error }) => !hasCode(error, 'transient')));
    failed = failed.filter(({ error }) => hasCode(error, 'transient'));
    if (failed.length === 0) break;
    await sleep(pause);
    failed = await round(
      storage,
      failed.map(({ target }) => target),
      plan.concurrency,
    );
  }
  const all = [...refused, ...failed];
  if (all.length === 0) return;
  const named = all.slice(0, 5).map(({ target, error }) => `${target.path}: ${messageOf(error)}`);
  const text = `encountered errors during upload of ${all.length} of ${targets.length} objects: ${named.join('; ')}`;
  throw new CutwaterError(failed.length > 0 ? 'transient' : 'invalid', text);
}

interface Failure {
  target: UploadTarget;
  error: unknown;
}

async function round(storage: Storage, targets: readonly UploadTarget[], concurrency: number): Promise<Failure[]> {
  const failures: Failure[] = [];
  let next = 0;
  let inARow = 0;
  async function work(): Promise<void> {
    for (let target = targets[next++]; target; target = targets[next++]) {
      try {
        if (inARow >= AWAY_AFTER) throw new CutwaterError('transient', 'the storage is away');
        await writeOne(storage, target);
        inARow = 0;
      } catch (error) {
        if (hasCode(error, 'transient')) inARow++;
        failures.push({ target, error });
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, targets.length) }, work));
  return failures;
}

async function writeOne(storage: Storage, { path, sources, attributes, size }: UploadTarget): Promise<void> {
  for (const [index, source] of sources.entries()) {
    try {
      return await storage.write(path, source, { ...attributes, ...(size !== undefined && { size }) });
    } catch (error) {
      if (!hasCode(error, 'invalid') || index === sources.length - 1) throw error;
    }
  }
}
