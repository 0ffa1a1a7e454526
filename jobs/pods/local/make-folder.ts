import { constants } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * Makes the folders of `path` below `root` that are not there, each from inside the one above it: what a container puts a link in the place of, now
 * or meanwhile, leads nowhere. Where that cannot be (there is no /proc, or a link) nothing is made, and the engine says that there is no such folder.
 */
export async function makeFolderIn(root: string, path: string): Promise<void> {
  let folder: FileHandle | undefined;
  try {
    folder = await open(root, FOLDER);
    for (const name of path.split('/').filter(Boolean)) {
      if (name === '..') return;
      const place = `/proc/self/fd/${folder.fd}/${name}`;
      await mkdir(place).catch(() => {});
      const next = await open(place, FOLDER);
      await folder.close();
      folder = next;
    }
  } catch {
    // The engine's words say more.
  } finally {
    await folder?.close();
  }
}
