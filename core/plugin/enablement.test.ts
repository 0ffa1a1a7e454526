import { expect, test } from 'vitest';
import { configOf } from '../config/config.ts';
import { newReading } from '../config/decode.ts';
import { enabledPlugins, pluginsFor } from './enablement.ts';

function read(plugins: unknown) {
  const reading = newReading();
  const problems: string[] = [];
  const value = enabledPlugins.decode({ plugins }, reading);
  const view = {
    get: configOf().get,
    problem: (_file: string, path: readonly unknown[], message: string) =>
      void problems.push(`${path.join('.')}: ${message}`),
    warn() {},
    loadedAt: 0,
  };
  return { enabled: enabledPlugins.combine([{ file: 'plugins.yaml', kind: 'plugins', value }], view), problems };
}

test.each([
  ['a bare list', { acme: ['hold'] }, ['hold']],
  ['an object', { acme: { plugins: ['hold'] } }, ['hold']],
  ['the organization and the repository', { acme: ['hold'], 'acme/widgets': ['size'] }, ['hold', 'size']],
  [
    'a repository that is left out',
    { acme: { plugins: ['hold'], excluded_repos: ['widgets'] }, 'acme/widgets': ['size'] },
    ['size'],
  ],
  ['another organization', { other: ['hold'] }, []],
])('%s', (_name, plugins, wanted) => {
  const { enabled, problems } = read(plugins);
  expect(problems).toEqual([]);
  expect(pluginsFor(enabled, 'acme', 'widgets')).toEqual(wanted);
});

test('a plugin that is on twice is refused', () => {
  expect(read({ acme: ['hold'], 'acme/widgets': ['hold'] }).problems).toEqual([
    'plugins.acme/widgets: hold is enabled for the whole organization already',
  ]);
});

test.each(['constructor', 'toString', '__proto__'])('an organization may be called %s', (org) => {
  expect(pluginsFor(read({ acme: ['hold'] }).enabled, org, org)).toEqual([]);
});
