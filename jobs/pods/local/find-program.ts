import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, resolve } from 'node:path';
import type { StartError } from './runtime.ts';

/** The program that a name stands for, as runc looks for it, or what runc says where there is none. */
export async function findProgram(name: string, path: string, cwd: string): Promise<string | StartError> {
  const startError = (problem: string): StartError => ({ startError: `exec: ${JSON.stringify(name)}: ${problem}` });
  if (name.includes('/')) {
    const file = isAbsolute(name) ? name : resolve(cwd, name);
    const problem = await problemOf(file);
    return problem ? startError(problem.replace('%', `stat ${name}: `)) : file;
  }
  for (const folder of path.split(delimiter)) {
    const file = resolve(cwd, folder, name);
    if ((await problemOf(file)) === undefined) return file;
  }
  return startError('executable file not found in $PATH');
}

async function problemOf(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (!found) return '%no such file or directory';
  if (found.isDirectory()) return 'is a directory';
  return access(file, constants.X_OK).then(
    () => undefined,
    () => 'permission denied',
  );
}
