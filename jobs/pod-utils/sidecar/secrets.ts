import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { messageOf } from '../../../core/errors.ts';
import type { Logger } from '../../../core/log.ts';

/**
 * Everything secret under the directories: each file whole, and the passwords inside registry credentials and of the files named as INI.
 * What can not be read is said in the log; the rest is censored all the same. Prow: sidecar.loadSecrets.
 */
export async function loadSecrets(
  directories: readonly string[],
  iniNames: readonly string[],
  log: Logger,
): Promise<Buffer[]> {
  const secrets: Buffer[] = [];
  for (const directory of directories) {
    for (const file of await filesUnder(directory, log)) {
      try {
        const content = await readFile(file);
        secrets.push(
          content,
          ...partsOf(basename(file), content.toString('utf8'), iniNames).map((part) => Buffer.from(part)),
        );
      } catch (error) {
        log.error({ file, error: messageOf(error) }, 'could not load a secret to censor');
      }
    }
  }
  return secrets;
}

async function filesUnder(path: string, log: Logger): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    // Names that begin with two dots are how Kubernetes keeps versions of a volume.
    const names = (await readdir(path)).filter((name) => !name.startsWith('..'));
    return (await Promise.all(names.map((name) => filesUnder(join(path, name), log)))).flat();
  } catch (error) {
    log.error({ path, error: messageOf(error) }, 'could not load a secret to censor');
    return [];
  }
}

function partsOf(name: string, content: string, iniNames: readonly string[]): string[] {
  if (iniNames.includes(name)) return iniValues(content);
  if (name !== '.dockercfg' && name !== '.dockerconfigjson') return [];
  try {
    const parsed = JSON.parse(content) as Record<string, unknown>;
    const entries = name === '.dockercfg' ? parsed : ((parsed.auths as Record<string, unknown> | undefined) ?? {});
    return Object.values(entries).flatMap(credentialsOf);
  } catch {
    return []; // Not what its name says: it is censored as a whole.
  }
}

/** `auth` is base64 of user:password: the password is taken out as well. */
function credentialsOf(entry: unknown): string[] {
  const { auth, password } = (entry ?? {}) as { auth?: unknown; password?: unknown };
  const inside =
    typeof auth === 'string' ? Buffer.from(auth, 'base64').toString('utf8').split(':').slice(1).join(':') : '';
  return [auth, password, inside].filter((part): part is string => typeof part === 'string' && part !== '');
}

function iniValues(content: string): string[] {
  return content.split(/\r?\n/).flatMap((line) => {
    const match = /^\s*[^#;[\s=:][^=:]*[=:]\s*(.*?)\s*$/.exec(line);
    const value = match?.[1]?.replace(/^(["'`])(.*)\1$/, '$2') ?? '';
    return value ? [value] : [];
  });
}
