import { expect, test } from 'vitest';
import { z } from 'zod';
import { configOf } from '../config/config.ts';
import { allHelp } from './all-help.ts';
import { enabledPlugins } from './enablement.ts';
import { type Plugin, plugin } from './index.ts';
import { globalSettings } from './settings.ts';

const about = (name: string): Plugin => ({
  name,
  summary: name,
  priority: 'fun',
  needs: [],
  commands: [],
  handlers: [],
});
const told: Plugin = {
  ...about('told'),
  config: { sections: [], forRepo: (_config, org, repo) => `${org}+${repo}`, describe: (words) => String(words) },
};
const reposOf = async (org: string) => (org === 'acme' ? ['acme/a', 'acme/b'] : []);
const on = (plugins: string[]) => ({ plugins, excluded_repos: [] });

test("settings stand by org/repo, also of plugins that are on for an organization, as readers of Prow's look them up", async () => {
  const config = configOf([enabledPlugins, { acme: on(['told']), 'other/c': on(['told']), 'other/d': on([]) }]);
  const help = await allHelp({ plugins: [told], config, reposOf });
  expect(help.PluginHelp.told?.Config).toEqual({ 'acme/a': 'acme+a', 'acme/b': 'acme+b', 'other/c': 'other+c' });
  expect(help.AllRepos).toEqual(['acme/a', 'acme/b', 'other/c', 'other/d']);
  expect(help.RepoPlugins).toEqual({ '': ['told'], acme: ['told'], 'other/c': ['told'], 'other/d': [] });
});

test('plugins beside those of ours are among them', async () => {
  const config = configOf([enabledPlugins, { acme: on(['told']) }]);
  const beside = { plugins: [about('probot:hi')], byRepo: { acme: ['probot:hi'], 'other/c': ['probot:hi'] } };
  const help = await allHelp({ plugins: [told], config, reposOf, beside });
  expect(help.RepoPlugins).toEqual({
    '': ['probot:hi', 'told'],
    acme: ['told', 'probot:hi'],
    'other/c': ['probot:hi'],
  });
  expect(help.PluginHelp['probot:hi']?.Description).toBe('probot:hi');
  expect(help.AllRepos).toContain('other/c');
});

test("one object for all repositories is told once, and events have Prow's names", async () => {
  const config = configOf([enabledPlugins, { acme: on(['told']) }]);
  const p = plugin({ name: 'told', summary: '', needs: [] });
  const issues = p.on('issues', ['opened'], async () => {});
  const global = { ...p.define({ handlers: [issues] }), config: { ...told.config, everywhere: true } } as Plugin;
  const { PluginHelp } = await allHelp({ plugins: [global], config, reposOf });
  expect(PluginHelp.told).toMatchObject({ Config: { '': '+' }, Events: ['issue'] });
  expect(globalSettings('size', z.object({})).everywhere).toBe(true);
});
