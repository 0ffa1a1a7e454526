/**
 * Compiles the package into dist/package, in the shape of the checkout, so that files find one another there as here: Node strips no types below
 * node_modules. Run by npm's `prepack`, after the pages were bundled.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const OUT = join(ROOT, 'dist/package');
const SHIPPED = [
  'cli',
  'core',
  'deck',
  'external-plugins',
  'jobs',
  'plugins',
  'sandbox',
  'tide',
  'config.example.yaml',
  'package.json',
];
const TEMPLATE = 'external-plugins/template/';

/** The compiler's, the bundled pages', and what only tests read. */
function isLeftOut(path: string): boolean {
  return /\.(ts|tsx|css)$|\/testdata\//.test(path) && !path.startsWith(TEMPLATE);
}

rmSync(OUT, { recursive: true, force: true });
const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
execFileSync(process.execPath, [tsc, '-p', 'scripts/tsconfig.package.json'], { cwd: ROOT, stdio: 'inherit' });
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...SHIPPED], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .trim()
  .split('\n');
for (const path of files.filter((each) => !isLeftOut(each))) cpSync(join(ROOT, path), join(OUT, path));
cpSync(join(ROOT, 'dist/pages'), join(OUT, 'dist/pages'), { recursive: true });
const launcher = join(OUT, 'cli/launch.mjs');
writeFileSync(launcher, readFileSync(launcher, 'utf8').replace("'./main.ts'", "'./main.js'"));
