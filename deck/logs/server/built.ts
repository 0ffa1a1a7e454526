import { readFile } from 'node:fs/promises';
import type { Assets, renderDocument } from '../ui/render.tsx';

/** What scripts/build.ts made of the log pages: how to render them, and the files that browsers load. */
export interface BuiltPages {
  render: typeof renderDocument;
  assets: Assets;
  asset(name: string): Promise<{ bytes: Buffer; type: string } | undefined>;
}

const DIST = new URL('../../../dist/pages/deck/', import.meta.url);

/** Reads the build once. Fails with one clear line where it was never made. */
export async function loadBuiltPages(): Promise<BuiltPages> {
  const manifest = await readFile(new URL('manifest.json', DIST), 'utf8').catch(() => null);
  if (manifest === null) throw new Error('the log pages are not built: run "npm run prepare" in the checkout');
  const assets: Assets = JSON.parse(manifest);
  const module: { renderDocument: typeof renderDocument } = await import(new URL('render.js', DIST).href);
  const files = new Map<string, { url: URL; type: string }>([
    [assets.script, { url: new URL(`assets/${assets.script}`, DIST), type: 'text/javascript; charset=utf-8' }],
    [assets.style, { url: new URL(`assets/${assets.style}`, DIST), type: 'text/css; charset=utf-8' }],
    ['icon.svg', { url: new URL('../style/icon.svg', import.meta.url), type: 'image/svg+xml' }],
  ]);
  return {
    render: module.renderDocument,
    assets,
    async asset(name) {
      const file = files.get(name);
      return file && { bytes: await readFile(file.url), type: file.type };
    },
  };
}
