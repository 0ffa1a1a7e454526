import type { ChangedFile } from '../ports/index.ts';

/** Every path that a change touches: a file that moves is gone from its old place, which may be somebody else's. */
export function changedPaths(files: readonly Pick<ChangedFile, 'path' | 'previousPath' | 'status'>[]): string[] {
  const touched = files.flatMap(({ path, previousPath, status }) =>
    status === 'renamed' && previousPath !== undefined ? [path, previousPath] : [path],
  );
  return [...new Set(touched)];
}
