import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { configOf } from '../../core/config/config.ts';
import { parseFlags } from '../../core/flags.ts';
import { run } from './index.ts';
import { servableOf } from './load.ts';
import { type Servable, shipped, withFlags } from './shipped.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'serve-plugin-'));
  vi.stubEnv('WEBHOOK_SECRET', 's3cret');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each<[string[], string, RegExp]>([
  [['no-such'], 'usage', /"no-such" is neither a plugin of Cutwater's nor a file/],
  [['constructor'], 'usage', /neither a plugin/],
  [['trigger'], 'usage', /trigger runs inside hook alone: it needs .*jobs/],
  [['refresh'], 'usage', /--prow-url is needed/],
  [['refresh', '--prow-url=deck'], 'usage', /--prow-url is needed/],
  [['hold', 'lgtm'], 'usage', /takes one plugin, and flags: lgtm/],
  [['hold', '--allow-all'], 'usage', /unknown flag --allow-all/],
  [['hold', '--plugin-config=/no/such.yaml'], 'config', /no\/such.yaml/],
])('%j is refused in one line', async (argv, code, message) => {
  const [name = '', ...others] = argv;
  const given = run([name, `--data-dir=${folder}/data`, ...others]);
  await expect(given).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

test('without a secret nothing is served', async () => {
  vi.stubEnv('WEBHOOK_SECRET', '');
  await expect(run(['hold'])).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringMatching('--hmac-secret-file is needed'),
  });
});

describe('a file', () => {
  const PLUGIN = `{ name: 'mine', summary: '', needs: [], commands: [], handlers: [] }`;

  test.each([
    [`export const mine = ${PLUGIN}`, undefined],
    [`export const mine = ${PLUGIN}; export { mine as same }; export const other = 1`, undefined],
    ['export const nothing = 1', /has to export one plugin, and exports 0/],
    [`export const a = ${PLUGIN}; export const b = ${PLUGIN}`, /has to export one plugin, and exports 2/],
    ['throw new Error("broken")', /cannot be loaded: broken/],
  ])('%s', async (text, message) => {
    const file = path.join(folder, 'plugin.mjs');
    writeFileSync(file, text);
    if (!message) return expect((await servableOf(file)).plugin.name).toBe('mine');
    await expect(servableOf(file)).rejects.toMatchObject({ code: 'config', message: expect.stringMatching(message) });
  });
});

describe("flags win over the plugin's settings, where they are given", () => {
  const cherrypicker = shipped('cherrypicker') as Servable;

  test.each([
    [[], { 'allow-all': false, 'use-prow-assignments': true, labels: [], 'label-prefix': 'cherrypick/' }],
    [['--allow-all', '--use-prow-assignments=false'], { 'allow-all': true, 'use-prow-assignments': false }],
    [['--labels=a', '--labels=b', '--label-prefix=x'], { labels: ['a', 'b'], 'label-prefix': 'x', 'allow-all': false }],
  ])('%j', (argv, expected) => {
    const plugin = withFlags(cherrypicker, parseFlags(cherrypicker.flags, argv).values);
    expect(plugin.config?.forRepo(configOf(), 'o', 'r')).toMatchObject(expected);
  });
});
