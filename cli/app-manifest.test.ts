import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { corePorts } from '../core/ports/index.ts';
import { plugins } from '../plugins/index.ts';
import { neededEvents, neededPermissions } from './app-manifest.ts';

const manifest = parse(readFileSync(new URL('../app.yml', import.meta.url), 'utf8')) as {
  default_permissions: Record<string, string>;
  default_events: string[];
};

/** The GitHub reporter sets statuses and comments, whatever plugins are there. */
const REPORTER = { issues: 'write', statuses: 'write' };

test('the App asks for what the plugins and the reporter need', () => {
  expect(manifest.default_permissions).toMatchObject({ ...neededPermissions(plugins, corePorts), ...REPORTER });
});

test('the App hears what the plugins handle', () => {
  for (const event of neededEvents(plugins)) expect(manifest.default_events).toContain(event);
});
