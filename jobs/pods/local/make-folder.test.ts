import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFolderIn } from './make-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'make-'));
  mkdirSync(join(folder, 'volume', 'there'), { recursive: true });
  symlinkSync(folder, join(folder, 'volume', 'link'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it.runIf(existsSync('/proc/self/fd')).each([
  ['/there/new/deep', 'volume/there/new/deep', true],
  ['', 'volume', true],
  ['/link/new', 'new', false],
  ['/there/../../new', 'new', false],
])('a folder at %s of a volume: %s is there: %s', async (path, place, made) => {
  await makeFolderIn(join(folder, 'volume'), path);
  expect(existsSync(join(folder, place))).toBe(made);
});
