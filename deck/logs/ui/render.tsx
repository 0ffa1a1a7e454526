import { renderToString } from 'preact-render-to-string';
import type { View } from '../views.ts';
import { App } from './app.tsx';
import { atRest } from './reader-state.ts';

/** File names of the built client, which carry a hash of what is in them. */
export interface Assets {
  script: string;
  style: string;
}

/** A whole HTML document, readable before any script has run. Everything in it goes through preact's escaping. */
export function renderDocument(view: View, assets: Assets): string {
  const { theme, title, now } = view.chrome;
  const chosen = theme === 'system' ? '' : ` data-theme="${theme}"`;
  const body = renderToString(<App view={view} reader={{ ...atRest, now: Date.parse(now) }} />);
  return `<!doctype html>
<html lang="en"${chosen}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeText(title)}</title>
<link rel="icon" href="/deck/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/deck/assets/${assets.style}">
<script type="module" src="/deck/assets/${assets.script}"></script>
</head>
<body>
<div id="app">${body}</div>
<script type="application/json" id="view">${JSON.stringify(view).replaceAll('<', '\\u003c')}</script>
</body>
</html>
`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
