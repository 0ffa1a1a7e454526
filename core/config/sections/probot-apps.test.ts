import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../load.ts';
import { probotApps, probotAppsFor } from './probot-apps.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'probot-apps-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function load(text: string) {
  const configPath = path.join(folder, 'config.yaml');
  writeFileSync(configPath, `probot_apps: ${text}`);
  return loadConfig({ configPath, sections: [probotApps] }).get(probotApps);
}

test('packages and files have names, and files stand beside the configuration', () => {
  expect(
    load('{o: [some-app, ./apps/greet.ts, {app: "@a/b", name: c}, /x/y.js]}').o?.map(({ app, name }) => [app, name]),
  ).toEqual([
    ['some-app', 'some-app'],
    [path.join(folder, 'apps/greet.ts'), 'greet'],
    ['@a/b', 'c'],
    ['/x/y.js', 'y'],
  ]);
});

test('an app is on for an organization, but not for the repositories that it leaves out, and for single ones', () => {
  const places = load('{o: [{app: one, excluded_repos: [r]}], o/r: [two], constructor: [three]}');
  const names = (org: string, repo: string) => probotAppsFor(places, org, repo).map(({ name }) => name);
  expect([names('o', 'x'), names('o', 'r'), names('p', 'x'), names('toString', 'x')]).toEqual([
    ['one'],
    ['two'],
    [],
    [],
  ]);
});

test.each([
  ['{o: [one], o/r: [one]}', /o\/r.*one is enabled twice/],
  ['{o: [one, one]}', /one is enabled twice/],
  ['{o: [./x/one.js], p: [./y/one.js]}', /one names both .*x\/one.js and .*y\/one.js/],
  ['{o: [{name: one}]}', /app/],
  ['{o: [{app: one, excluded_repos: [r]}], o/r: [one]}', undefined],
])('%s', (text, message) => {
  if (message) expect(() => load(text)).toThrow(message);
  else expect(() => load(text)).not.toThrow();
});
