import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** Standard output as it is where the reader of a pipe is slower than the program: what is written goes out only later. */
const SLOW_OUTPUT = `
import { writeSync } from 'node:fs';
import { Writable } from 'node:stream';
const write = (chunk, _encoding, done) => setTimeout(() => { writeSync(1, chunk); done(); }, 100);
Object.defineProperty(process, 'stdout', { value: new Writable({ write }) });
`;

test('all that was written goes out before the program ends', async () => {
  const preload = `--import=data:text/javascript,${encodeURIComponent(SLOW_OUTPUT)}`;
  const program = path.join(import.meta.dirname, 'launch.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [preload, program, 'help']);
  expect(stdout).toMatch(/^usage: cutwater .*lists a command's flags\.\n$/s);
});
