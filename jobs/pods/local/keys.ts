import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CutwaterError } from '../../../core/errors.ts';

const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/** The keys and values of a secret or config map. Throws `not-found`. */
export type Keys = (name: string) => Promise<Map<string, Buffer>>;

/**
 * Secrets or config maps as folders of the operator's: `<folder>/<name>/<key>`, as Kubernetes mounts them. Without a folder
 * there are none. `kind` stands in messages.
 */
export function keysIn(folder: string | undefined, kind: 'secret' | 'configmap'): Keys {
  return async (name) => {
    const missing = new CutwaterError('not-found', `${kind} "${name}" not found`);
    if (folder === undefined || !NAME.test(name)) throw missing;
    const files = await readdir(join(folder, name), { withFileTypes: true }).catch(() => {
      throw missing;
    });
    const keys = new Map<string, Buffer>();
    for (const { name: key } of files) {
      // `..data` and its like are how a mounted secret is swapped; what they hold is linked beside them.
      if (key.startsWith('..')) continue;
      const value = await readFile(join(folder, name, key)).catch(() => undefined);
      if (value) keys.set(key, value);
    }
    return keys;
  };
}
