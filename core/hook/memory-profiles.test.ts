import { readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { createLogger, type Logger } from '../log.ts';
import { writeMemoryProfiles } from './memory-profiles.ts';

it('writes who holds memory, again and again until it is closed', async () => {
  const files: string[] = [];
  const log = { ...createLogger('test', 'silent'), info: ({ file }: { file: string }) => files.push(file) };
  const profiles = writeMemoryProfiles(1, log as unknown as Logger);
  await expect.poll(() => files.length).toBeGreaterThan(1);
  await profiles.close();
  const written = files.length;
  expect(JSON.parse(await readFile(files[0] ?? '', 'utf8'))).toMatchObject({ head: { callFrame: expect.any(Object) } });
  expect(files).toHaveLength(written);
  await rm(dirname(files[0] ?? ''), { recursive: true });
});
