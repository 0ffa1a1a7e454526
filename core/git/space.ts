import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** Each fetch leaves a pack, and many packs make git slow. */
const MAX_PACKS = 50;

/** Whether so many fetches and merges have left their objects that packing them is worth its time. */
export async function needsTidying(dir: string): Promise<boolean> {
  const objects = path.join(dir, 'objects');
  const packs = await namesIn(path.join(objects, 'pack'));
  if (packs.filter((name) => name.endsWith('.pack')).length > MAX_PACKS) return true;
  // Git's own way to guess: one of 256 folders with 27 loose objects means about 7,000.
  return (await namesIn(path.join(objects, '17'))).length > 27;
}

/** The mirrors that must go so that the rest fits, those unused for longest first. The one used last always stays. */
export async function leastRecentlyUsed(folder: string, maxBytes: number): Promise<string[]> {
  const mirrors: { dir: string; used: number; size: number }[] = [];
  for (const org of await namesIn(folder)) {
    if (org === 'new') continue;
    for (const repo of await namesIn(path.join(folder, org))) {
      const dir = path.join(folder, org, repo);
      const { mtimeMs } = await stat(dir);
      mirrors.push({ dir, used: mtimeMs, size: await sizeOf(dir) });
    }
  }
  mirrors.sort((a, b) => b.used - a.used);
  let total = 0;
  return mirrors
    .filter(({ size }, index) => {
      total += size;
      return index > 0 && total > maxBytes;
    })
    .map(({ dir }) => dir)
    .reverse();
}

async function sizeOf(dir: string): Promise<number> {
  let total = 0;
  for (const entry of await readdir(dir, { withFileTypes: true, recursive: true }).catch(() => [])) {
    if (!entry.isFile()) continue;
    // What vanishes meanwhile takes no space.
    total += await stat(path.join(entry.parentPath, entry.name)).then(
      ({ size }) => size,
      () => 0,
    );
  }
  return total;
}

/** Removes what git leaves in a mirror when it is killed: locks, which would stop every git after it, and packs that are half written. */
export async function sweepLeftovers(dir: string): Promise<void> {
  const places: readonly [string, RegExp][] = [
    [dir, /\.lock$|^gc\.pid$/],
    [path.join(dir, 'objects', 'pack'), /^\.?tmp[_-]/],
  ];
  for (const [place, leftover] of places)
    for (const name of await namesIn(place))
      if (leftover.test(name)) await rm(path.join(place, name), { recursive: true, force: true });
}

async function namesIn(dir: string): Promise<string[]> {
  return readdir(dir).catch(() => []);
}
