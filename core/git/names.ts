import { CutwaterError } from '../errors.ts';

const OBJECT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** An object's full hash, and nothing that git could read as an option, a range or a path. */
export function objectName(name: string): string {
  if (OBJECT.test(name)) return name;
  throw new CutwaterError('invalid', `${JSON.stringify(name)} is no object name`);
}

/** Git's rules for refs, without those that only a pattern or a refspec would have (git check-ref-format). */
export function refName(ref: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: git forbids them.
  const wrong = /[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\/\.|\.lock(\/|$)|[./]$/;
  if (ref.startsWith('refs/') && !wrong.test(ref)) return ref;
  throw new CutwaterError('invalid', `${JSON.stringify(ref)} is no name of a ref`);
}
