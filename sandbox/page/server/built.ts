import { readFile } from 'node:fs/promises';
import type { Assets, renderDocument } from '../ui/render.tsx';

/** What scripts/build.ts made of the page: how to render it, and the files that browsers load. */
export interface BuiltPage {
  render: typeof renderDocument;
  assets: Assets;
  /** The file's bytes, or undefined for a name that is none of ours. */
  asset(name: string): Promise<{ bytes: Buffer; type: string } | undefined>;
}

const DIST = new URL('../../../dist/pages/sandbox/', import.meta.url);

/** Reads the build once. Fails with one clear line where it was never made. */
export async function loadBuiltPage(): Promise<BuiltPage> {
  const manifest = await readFile(new URL('manifest.json', DIST), 'utf8').catch(() => null);
  if (manifest === null) throw new Error('the sandbox page is not built: run "npm run prepare" in the checkout');
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
