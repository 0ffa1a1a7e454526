import { mkdir, rename, utimes } from 'node:fs/promises';
import path from 'node:path';
import { CutwaterError } from '../errors.ts';
import { runGit } from './run.ts';

/** Makes an empty mirror beside its place and puts it there at once, so that a crash leaves none that is half made. */
export async function makeMirror(
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
