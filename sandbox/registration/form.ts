import { Refusal } from '../model/refusal.ts';
import { isObject } from '../rest/call.ts';
import type { AppManifest } from '../seed/manifest.ts';

/** A manifest as it came in the form, read as GitHub reads it. */
export interface ManifestForm extends AppManifest {
  redirectUrl: string;
  setupUrl: string;
}

/** Reads a manifest; refuses with GitHub's kind of words what GitHub would refuse. */
export function readManifest(text: string): ManifestForm {
  const manifest = parse(text);
  const { name, url, redirect_url, setup_url, hook_attributes, default_permissions, default_events } = manifest;
  if (typeof url !== 'string' || !URL.canParse(url)) throw new Refusal(422, 'Invalid GitHub App configuration: url');
  if (typeof redirect_url !== 'string' || !URL.canParse(redirect_url))
    throw new Refusal(422, 'Invalid GitHub App configuration: redirect_url');
  const hook = isObject(hook_attributes) ? hook_attributes : {};
  return {
    name: typeof name === 'string' ? name : '',
    permissions: wordsOf(default_permissions),
    events: Array.isArray(default_events) ? default_events.map(String) : [],
    webhookUrl: hook.active === false ? '' : String(hook.url ?? ''),
    redirectUrl: redirect_url,
    setupUrl: typeof setup_url === 'string' ? setup_url : '',
  };
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Told below, as what is no object is.
  }
  throw new Refusal(422, 'Invalid GitHub App configuration: the manifest is no JSON object');
}

function wordsOf(value: unknown): Record<string, string> {
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, word]) => [key, String(word)])) : {};
}
