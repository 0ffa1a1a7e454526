/**
 * Bundles the pages into dist/pages: for each app what renders it on the server (render.js), the one client script, the style sheet
 * and a manifest of the hashed names. Run by npm's `prepare`. Fails where a client passes its budget of 60 KB gzip or imports what it may not.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');
const BUDGET = 60_000;
const APPS = [
  { name: 'sandbox', folder: 'sandbox/page', takes: /^(sandbox|node_modules)\//, scripted: true },
  { name: 'deck', folder: 'deck/logs', takes: /^(deck|core|jobs\/api|node_modules)\//, scripted: true },
  // The set-up needs no script; its tokens are deck's.
  { name: 'setup', folder: 'cli/setup/page', takes: /^(cli\/setup|deck\/logs\/style|node_modules)\//, scripted: false },
];

const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  format: 'esm',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  metafile: true,
  logLevel: 'warning',
} as const;

async function buildApp({ name, folder, takes, scripted }: (typeof APPS)[number]): Promise<string> {
  const out = `dist/pages/${name}`;
  await rm(join(ROOT, out), { recursive: true, force: true });
  const server = await build({
    ...COMMON,
    entryPoints: [`${folder}/ui/render.tsx`],
    outfile: `${out}/render.js`,
    platform: 'node',
    target: 'node24',
    packages: 'external',
  });
  const client = await build({
    ...COMMON,
    entryPoints: {
      ...(scripted && { client: `${folder}/client/main.tsx` }),
      style: `${folder}/style/index.css`,
    },
    outdir: `${out}/assets`,
    entryNames: '[name]-[hash]',
    platform: 'browser',
    target: ['chrome120', 'firefox121', 'safari17'],
    minify: true,
  });
  for (const { metafile } of [server, client]) checkImports(name, metafile, takes);
  const style = named(client.metafile, 'style-');
  const script = scripted ? named(client.metafile, 'client-') : undefined;
  await mkdir(join(ROOT, out), { recursive: true });
  await writeFile(join(ROOT, out, 'manifest.json'), JSON.stringify({ script, style }));
  if (!script) return `${name}: no client`;
  const size = gzipSync(await readFile(join(ROOT, out, 'assets', script))).length;
  if (size > BUDGET) throw new Error(`${name}: the client is ${size} bytes gzip, over its budget of ${BUDGET}`);
  return `${name}: client ${(size / 1000).toFixed(1)} KB gzip of ${BUDGET / 1000}`;
}

/** The import rules of docs/design.md for the pages' TSX, which the tool of `npm run imports` can not read. */
function checkImports(name: string, metafile: Metafile, takes: RegExp): void {
  const wrong = Object.keys(metafile.inputs).find((input) => !takes.test(input));
  if (wrong) throw new Error(`${name}: its pages may not import ${wrong}`);
}

function named(metafile: Metafile, start: string): string {
  const path = Object.keys(metafile.outputs).find((output) => basename(output).startsWith(start));
  if (!path) throw new Error(`esbuild made no ${start} file`);
  return basename(path);
}

for (const line of await Promise.all(APPS.map(buildApp))) process.stdout.write(`${line}\n`);
