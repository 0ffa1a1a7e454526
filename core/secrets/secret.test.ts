import { mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { secretFile } from './secret.ts';

const log = pino({ level: 'silent' });
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secret-'));
  path = join(folder, 'token');
  writeFileSync(path, ' first\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

it('is trimmed, and read again when the file changes', async () => {
  const secret = secretFile(path, log, 5);
  const seen: string[] = [];
  secret.onChange((value) => void seen.push(value));
  expect(secret.current()).toBe('first');
  writeFileSync(path, 'second');
  await expect.poll(() => seen).toEqual(['second']);
  expect(secret.current()).toBe('second');
  secret.close();
});

it('follows the links of a Kubernetes secret, and outlives the moment without a file', async () => {
  const link = join(folder, 'link');
  symlinkSync(path, link);
  const secret = secretFile(link, log, 5);
  unlinkSync(link);
  writeFileSync(join(folder, 'next'), 'second');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(secret.current()).toBe('first');
  symlinkSync(join(folder, 'next'), join(folder, 'new'));
  renameSync(join(folder, 'new'), link);
  await expect.poll(() => secret.current()).toBe('second');
  secret.close();
});

it('says which file cannot be read', () => {
  expect(() => secretFile(join(folder, 'none'), log)).toThrow(
    expect.objectContaining({ code: 'config', message: expect.stringContaining('none') }),
  );
});
