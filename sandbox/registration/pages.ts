import type { ManifestForm } from './form.ts';

/** A page of its own, plain and without script, over the sandbox's style sheet. */
export function document(title: string, body: string, style: string | undefined): string {
  const sheet = style === undefined ? '' : `<link rel="stylesheet" href="/-/assets/${html(style)}">`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${html(title)} · Cutwater sandbox</title>
<link rel="icon" href="/-/assets/icon.svg" type="image/svg+xml">
${sheet}
</head>
<body><main class="registration"><h1>${html(title)}</h1>${body}</main></body>
</html>
`;
}

/** What GitHub asks before it makes an App from a manifest: who owns it, its name, and what it may do. */
export function confirmPage(owner: string, form: ManifestForm, text: string, state: string): string {
  const rows = Object.entries(form.permissions).map(
    ([name, level]) => `<div><dt>${html(name.replaceAll('_', ' '))}</dt><dd>${html(level)}</dd></div>`,
  );
  return `<p>An App of <b>${html(owner)}</b> that receives webhooks at <code>${html(form.webhookUrl || 'no address')}</code>.</p>
<form method="post" action="/settings/apps/create">
<input type="hidden" name="owner" value="${html(owner)}">
<input type="hidden" name="state" value="${html(state)}">
<input type="hidden" name="manifest" value="${html(text)}">
<p><label>GitHub App name <input name="name" value="${html(form.name)}" required maxlength="34"></label></p>
<p><button class="button primary">Create GitHub App for ${html(owner)}</button></p>
</form>
<h2>Permissions</h2>
<dl class="headers">${rows.join('')}</dl>
<p>Events: ${html(form.events.join(', ') || 'none')}.</p>`;
}

export function installPage(slug: string, accounts: readonly string[]): string {
  const buttons = accounts.map(
    (login) =>
      `<p><button class="button primary" name="account" value="${html(login)}">Install on ${html(login)}</button></p>`,
  );
  return `<form method="post" action="/apps/${html(slug)}/installations/new">${buttons.join('')}</form>`;
}

function html(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
