import type { Mount } from './volumes.ts';

/**
 * Makes the function that turns the paths of a container's volumes, wherever they stand in a text, into paths of this machine: in plain
 * values, in `--flag=/logs/x`, in `/usr/bin:/tools`, in the pod utilities' JSON. A path counts where it begins (not after a letter,
 * a slash or a variable, as in `https://x/logs` or `$HOME/logs`) and ends as a path does. One pass, so that nothing is turned twice.
 * A volume on /tmp is left out: programs find it through TMPDIR, and whatever else of this machine lies in /tmp stays what it is.
 */
export function rewriter(mounts: readonly Mount[]): (text: string) => string {
  const table = new Map(
    mounts.filter(({ containerPath }) => !isTmp(containerPath)).map((m) => [m.containerPath, m.hostPath]),
  );
  if (table.size === 0) return (text) => text;
  const paths = [...table.keys()].map((path) => path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`(?<![\\w.~/})$-])(?:${paths.join('|')})(?![\\w.-])`, 'g');
  return (text) => text.replace(pattern, (path) => table.get(path) ?? path);
}

/** Where a volume that is mounted on /tmp lies here. */
export function tmpOf(mounts: readonly Mount[]): string | undefined {
  return mounts.find(({ containerPath }) => isTmp(containerPath))?.hostPath;
}

function isTmp(path: string): boolean {
  return path === '/tmp';
}
