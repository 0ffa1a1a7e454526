import { randomUUID } from 'node:crypto';
import { link, rm, writeFile } from 'node:fs/promises';
import type { V1Container } from '@kubernetes/client-node';
import { rewriter } from './rewrite.ts';
import type { Mount } from './volumes.ts';

/**
 * Writes the marker of a wrapped container whose entrypoint did not live to write it, or was never started: the sidecar would otherwise
 * wait for it for ever. `why` becomes its log where it has none.
 */
export async function leaveMarker(container: V1Container, mounts: Mount[], code: number, why?: string): Promise<void> {
  const text = container.env?.findLast(({ name }) => name === 'ENTRYPOINT_OPTIONS')?.value ?? '{}';
  const options = JSON.parse(rewriter(mounts)(text)) as { marker_file?: string; process_log?: string };
  if (why !== undefined && options.process_log) await unlessThere(options.process_log, `${why}\n`);
  if (options.marker_file) await unlessThere(options.marker_file, String(code));
}

/** Whoever sees the file sees it whole. The folder is the job's: nothing that it may have put there is written through. */
async function unlessThere(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, text, { flag: 'wx' });
  await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(temporary);
}
