import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { run } from './index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'create-plugin-'));
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

test('the new plugin is called as its folder, in every file', async () => {
  const target = path.join(folder, 'say-hello-2');
  expect(await run([target, `--cutwater=${folder}`])).toBe(0);
  const files = readdirSync(target).sort();
  expect(files).toEqual(['.gitignore', 'README.md', 'package.json', 'plugin.test.ts', 'plugin.ts', 'tsconfig.json']);
  for (const file of files) expect(readFileSync(path.join(target, file), 'utf8')).not.toMatch(/my-?plugin/i);
  expect(JSON.parse(readFileSync(path.join(target, 'package.json'), 'utf8'))).toMatchObject({
    name: 'say-hello-2',
    dependencies: { cutwater: `file:${folder}` },
  });
  expect(readFileSync(path.join(target, 'plugin.ts'), 'utf8')).toContain('export const sayHello2Plugin');
});

test.each(['Upper', 'a b', 'say..hello', '.hidden', 'x;rm', '-x-', '1st'])('%j is no name', async (name) => {
  await expect(run([`${folder}/${name}`, '--cutwater=1'])).rejects.toMatchObject({ code: 'usage' });
  expect(readdirSync(folder)).toEqual([]);
});

test('nothing is written over', async () => {
  writeFileSync(path.join(folder, 'mine'), '');
  const plugin = path.join(folder, 'taken');
  await run([plugin, '--cutwater=1']);
  const message = expect.stringContaining('not empty');
  await expect(run([plugin, '--cutwater=1'])).rejects.toMatchObject({ code: 'usage', message });
  await expect(run([`${plugin}-2`])).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringMatching(/^--cutw/),
  });
});
