import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { referenceFiles } from '../cli/reference/files.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

for (const [file, text] of referenceFiles()) {
  const to = path.join(ROOT, file);
  mkdirSync(path.dirname(to), { recursive: true });
  writeFileSync(to, text);
}
