import { appendFile, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Tee } from './tee.ts';

it('copies everything once, and plans no more where it is finished in the middle of a copy', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tee-'));
  const path = join(folder, 'log');
  await writeFile(path, 'first ');
  let text = '';
  let entered = () => {};
  const begun = new Promise<void>((resolve) => {
    entered = resolve;
  });
  const output = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      entered();
      setTimeout(done, 20);
    },
  });
  const file = await open(path, 'r');
  const tee = new Tee(file, output);
  await begun;
  await appendFile(path, 'second');
  await tee.finish();
  await file.close();
  expect(text).toBe('first second');
  // Longer than the tee's own pause: a copy planned by mistake would fail now, on the closed file, and fail the run.
  await wait(120);
  await rm(folder, { recursive: true });
});
