import { readFile } from 'node:fs/promises';
import { CutwaterError } from '../../core/errors.ts';
import type { renderDocument } from './page/ui/render.tsx';

/** What scripts/build.ts made of the set-up's page. */
export interface BuiltSetup {
  render: typeof renderDocument;
  style: string;
  asset(name: string): Promise<{ bytes: Buffer; type: string } | undefined>;
}

const DIST = new URL('../../dist/pages/setup/', import.meta.url);
const ICON = new URL('../../deck/logs/style/icon.svg', import.meta.url);

/** Reads the build once. Fails with one clear line where it was never made. */
export async function loadBuiltSetup(): Promise<BuiltSetup> {
  const manifest = await readFile(new URL('manifest.json', DIST), 'utf8').catch(() => null);
  if (manifest === null)
    throw new CutwaterError('config', 'the set-up page is not built: run "npm run prepare" in the checkout');
  const { style } = JSON.parse(manifest) as { style: string };
  const module: { renderDocument: typeof renderDocument } = await import(new URL('render.js', DIST).href);
  const files = new Map([
    [style, { url: new URL(`assets/${style}`, DIST), type: 'text/css; charset=utf-8' }],
    ['icon.svg', { url: ICON, type: 'image/svg+xml' }],
  ]);
  return {
    render: module.renderDocument,
    style,
    async asset(name) {
      const file = files.get(name);
      return file && { bytes: await readFile(file.url), type: file.type };
    },
  };
}
