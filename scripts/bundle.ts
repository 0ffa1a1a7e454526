/**
 * Bundles the program with all it imports into one folder that needs nothing but Node: `node scripts/bundle.ts FOLDER`, after `npm run prepare`.
 * The image is made of it: 30 MB instead of the 300 MB of node_modules, and it starts in half the time.
 */
import { copyFile, cp, glob, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');
/** Read at run time, from where they stand in the checkout. */
const FILES = [
  'package.json',
  'app.yml',
  'config.example.yaml',
  'dist/pages',
  'deck/logs/style/icon.svg',
  'sandbox/page/style/icon.svg',
  'sandbox/seed/acme',
  // Found by name at run time: only a refused configuration and the sandbox want them.
  'node_modules/yaml',
  'node_modules/@octokit/graphql-schema',
];

/** Where a file of ours stands, as seen from the bundle: its chunks lie one folder below the root. */
const keepPlaces: Plugin = {
  name: 'keep-places',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const place = relative(ROOT, path).replace(/\.ts$/, '.js');
      const text = await readFile(path, 'utf8');
      const contents = text
        .replaceAll('import.meta.url', `new URL(${JSON.stringify(`../${place}`)}, import.meta.url).href`)
        .replaceAll(
          'import.meta.dirname',
          `new URL(${JSON.stringify(`../${dirname(place)}`)}, import.meta.url).pathname`,
        );
      return { contents, loader: 'ts' };
    });
  },
};

/** Of a CommonJS package that is loaded late, esbuild would hand over nothing but `default`. Node knows its other names. */
const lateNames: Plugin = {
  name: 'late-names',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^[@a-z]/ }, ({ path, kind, importer }) =>
      kind === 'dynamic-import' && !isBuiltin(path) && !importer.includes('node_modules')
        ? { path, namespace: 'late' }
        : undefined,
    );
    onLoad({ filter: /./, namespace: 'late' }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => name !== 'default' && /^\w+$/.test(name));
      return { contents: `export { ${names.join(', ')} } from ${JSON.stringify(path)};`, resolveDir: ROOT };
    });
  },
};

/** What is started by its path, as a thread of its own: `new URL(`./worker${extname(import.meta.url)}`, import.meta.url)`. */
async function threads(): Promise<string[]> {
  const files = await Array.fromAsync(glob('{core,plugins,jobs,deck,cli}/**/*.ts', { cwd: ROOT }));
  const found = files.map(async (file) => {
    const text = await readFile(join(ROOT, file), 'utf8');
    const names = text.matchAll(/`\.\/([\w-]+)\$\{extname\(import\.meta\.url\)\}`/g);
    return Array.from(names, ([, name = '']) => join(dirname(file), name));
  });
  return (await Promise.all(found)).flat();
}

async function bundle(folder: string): Promise<Metafile> {
  const pages = await readdir(join(ROOT, 'dist/pages'));
  const { metafile } = await build({
    absWorkingDir: ROOT,
    outdir: folder,
    entryPoints: {
      'cli/main': 'cli/main.ts',
      ...Object.fromEntries((await threads()).map((thread) => [thread, `${thread}.ts`])),
      ...Object.fromEntries(pages.map((page) => [`dist/pages/${page}/render`, `dist/pages/${page}/render.js`])),
    },
    chunkNames: 'lib/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    legalComments: 'none',
    // CommonJS packages ask for Node's own modules by `require`.
    banner: { js: "import{createRequire as $r}from'node:module';const require=$r(import.meta.url);" },
    plugins: [keepPlaces, lateNames],
    metafile: true,
    logLevel: 'warning',
  });
  return metafile;
}

/** What the licences of the bundled packages ask for: that their texts come along. */
async function licences({ inputs }: Metafile): Promise<string> {
  const names = Object.keys(inputs).flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []);
  const texts = [...new Set(names)].sort().map(async (name) => {
    const file = (await readdir(join(ROOT, name))).find((each) => /^licen[cs]e/i.test(each));
    return `# ${name}\n\n${file ? await readFile(join(ROOT, name, file), 'utf8') : 'See its package.json.'}`;
  });
  return (await Promise.all(texts)).join('\n\n');
}

const [, , given] = process.argv;
if (!given) throw new Error('usage: node scripts/bundle.ts FOLDER');
const folder = resolve(given);
await rm(folder, { recursive: true, force: true });
for (const file of FILES) {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await cp(join(ROOT, file), join(folder, file), { recursive: true });
}
const metafile = await bundle(folder);
const launcher = await readFile(join(ROOT, 'cli/launch.mjs'), 'utf8');
await writeFile(join(folder, 'cli/launch.mjs'), launcher.replace('./main.ts', './main.js'), { mode: 0o755 });
await copyFile(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
await writeFile(join(folder, 'LICENSES-OF-PACKAGES'), await licences(metafile));
