import { chmod, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Writes the exit code so that whoever sees the marker file sees it whole: synced beside it, then renamed (Prow: entrypoint.Mark). */
export async function mark(markerFile: string, containerName: string, code: number): Promise<void> {
  const folder = await mkdtemp(join(dirname(markerFile), containerName || 'marker-'));
  try {
    const temporary = join(folder, 'marker');
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(String(code));
      await file.sync();
    } finally {
      await file.close();
    }
    await chmod(temporary, 0o777);
    await rename(temporary, markerFile);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
