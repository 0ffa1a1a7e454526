import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../core/config/load.ts';
import { deck } from './config.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'deck-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function load(text: string) {
  const configPath = path.join(folder, 'config.yaml');
  writeFileSync(configPath, text);
  return loadConfig({ sections: [deck], configPath }).get(deck);
}

test('defaults', () => {
  expect(load('{}')).toMatchObject({
    tide_update_period: '10s',
    spyglass: { size_limit: 100e6, gcs_browser_prefixes: { '*': '' } },
  });
});

test('what is written the old way means the same', () => {
  const { spyglass, default_rerun_auth_configs } = load(`
deck:
  spyglass:
    gcs_browser_prefix: p
    viewers: {"log.*": [build-log-viewer]}
  rerun_auth_configs: {o/r: {github_users: [a]}, o: {}, "*": {allow_anyone: true}}
`);
  expect(spyglass.lenses).toEqual([{ required_files: ['log.*'], optional_files: [], lens: { name: 'buildlog' } }]);
  expect(spyglass.gcs_browser_prefixes_by_bucket).toEqual({ '*': 'p' });
  expect(default_rerun_auth_configs.map(({ repo }) => repo)).toEqual(['*', 'o', 'o/r']);
});

test.each([
  ['spyglass: {size_limit: -1}', /size_limit, must be >=0/],
  ['spyglass: {lenses: [{required_files: ["("], lens: {name: x}}]}', /required_files\[0\]/],
  ['spyglass: {gcs_browser_prefix: a, gcs_browser_prefixes: {"*": b}}', /both gcs_browser_prefix and/],
  ['external_agent_logs: [{selector: "a=b=c"}]', /error parsing selector/],
  ['external_agent_logs: [{url_template: "{{"}]', /url_template/],
  ['rerun_auth_configs: {a: {}}\n  default_rerun_auth_configs: [{repo: b}]', /mutually exclusive/],
  ['rerun_auth_configs: {a: {allow_anyone: true, github_users: [b]}}', /allow anyone is set to true/],
  ['additional_allowed_buckets: [a]', /skip_storage_path_validation is enabled/],
])('refuses %s', (text, message) => {
  expect(() => load(`deck:\n  ${text}`)).toThrow(message);
});
