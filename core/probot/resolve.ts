import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { resolve } from 'import-meta-resolve';
import { CutwaterError } from '../errors.ts';

/** The module of an app: a file or folder by its absolute path, a package from where the program was started or from beside the program. Throws `config`. */
export function resolveApp(app: string): string {
  if (path.isAbsolute(app))
    return orRefuse(app, [() => pathToFileURL(createRequire(import.meta.url).resolve(app)).href]);
  const here = pathToFileURL(path.join(process.cwd(), 'package.json')).href;
  return orRefuse(app, [() => resolve(app, here), () => resolve(app, import.meta.url)]);
}

function orRefuse(app: string, ways: readonly (() => string)[]): string {
  for (const way of ways) {
    try {
      return way();
    } catch (error) {
      if (!isMissing(error))
        throw new CutwaterError('config', `the Probot app ${app}: ${String(error)}`, { cause: error });
    }
  }
  const cure = path.isAbsolute(app) ? 'there is no such file' : `run "npm install ${app}" in ${process.cwd()}`;
  throw new CutwaterError('config', `the Probot app ${app} is missing: ${cure}`);
}

function isMissing(error: unknown): boolean {
  return /^(ERR_)?MODULE_NOT_FOUND$/.test(String((error as { code?: unknown }).code));
}
