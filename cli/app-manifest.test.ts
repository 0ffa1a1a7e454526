import { expect, test } from 'vitest';
import { corePorts } from '../core/ports/index.ts';
import { plugins } from '../plugins/index.ts';
import { neededEvents, neededPermissions, REPORTER, TIDE } from './app-manifest.ts';
import { readAppFile } from './setup/manifest.ts';

const app = readAppFile();

test('the App asks for what plugins, reporter and tide need, and for nothing else', () => {
  expect(app.default_permissions).toEqual(neededPermissions(plugins, corePorts, [REPORTER, TIDE]));
});

test('the App hears what plugins handle and what changes who belongs to what, and nothing else', () => {
  expect(app.default_events).toEqual(neededEvents(plugins));
});
