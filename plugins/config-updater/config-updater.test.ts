import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type ConfigMapId, CutwaterError, type KeyUpdate } from '../../core/plugin/index.ts';
import { botComments, file, happen, type World } from '../../core/plugin/testing/index.ts';
import { configUpdater } from './index.ts';

async function merged(maps: object, files: World['files'], change: Partial<World> = {}, more: object = {}) {
  const asked: string[] = [];
  const configMaps = {
    async update({ cluster, namespace, name }: ConfigMapId, keys: KeyUpdate[], commit: string) {
      if (name === 'refused') throw new CutwaterError('forbidden', 'no');
      for (const { key, path, gzip } of keys)
        asked.push(`${cluster}/${namespace}/${name} ${key}=${path ?? ''}${gzip ? '.gz' : ''}@${commit}`);
      return namespace || 'prow';
    },
  };
  const world = await happen(configUpdater, 'pull_request', 'closed', {
    world: { merged: true, mergeCommitSha: 'sha', files, body: 'hello', ...change },
    settings: { config_updater: { maps, ...more } },
    payload: { repository: { default_branch: 'main' } },
    ports: { configMaps },
  });
  return { asked, said: botComments(world).map((body) => body.slice(0, body.indexOf('\n\n<details>'))) };
}

const SPEC = { name: 'config' };
const renamed = file('b/new.yaml', { status: 'renamed', previousPath: 'b/old.yaml' });

describe('which keys of which maps', () => {
  test.each<[maps: object, files: World['files'], asked: string[], more?: object]>([
    [{}, [file('config/prow/config.yaml')], ['default//config config.yaml=config/prow/config.yaml@sha']],
    [{}, [file('config/prow/plugins.yaml')], ['default//plugins plugins.yaml=config/prow/plugins.yaml@sha']],
    [{}, [file('other.yaml')], []],
    [{ 'a/b.yaml': { ...SPEC, key: 'k' } }, [file('a/b.yaml')], ['default//config k=a/b.yaml@sha']],
    [
      { 'a/**/*.yaml': SPEC },
      [file('a/x.yaml'), file('a/b/c/y.yaml'), file('a/z.json')],
      ['default//config x.yaml=a/x.yaml@sha', 'default//config y.yaml=a/b/c/y.yaml@sha'],
    ],
    [{ 'a/*.yaml': SPEC }, [file('a/b/x.yaml')], []],
    [
      { 'a/**': { ...SPEC, use_full_path_as_key: true } },
      [file('a/b/x.yaml')],
      ['default//config a-b-x.yaml=a/b/x.yaml@sha'],
    ],
    [{ 'a/*': SPEC }, [file('a/x', { status: 'removed' })], ['default//config x=@sha']],
    [{ 'b/*': SPEC }, [renamed], ['default//config old.yaml=@sha', 'default//config new.yaml=b/new.yaml@sha']],
    [{ 'b/*': { ...SPEC, key: 'k' } }, [renamed], ['default//config k=b/new.yaml@sha']],
    [
      { x: { ...SPEC, clusters: { one: ['n', 'm'], two: ['n'] } } },
      [file('x')],
      ['one/n/config x=x@sha', 'one/m/config x=x@sha', 'two/n/config x=x@sha'],
    ],
    [
      { x: { ...SPEC, cluster_groups: ['g'] } },
      [file('x')],
      ['one/n/config x=x@sha', 'two/n/config x=x@sha'],
      { cluster_groups: { g: { clusters: ['one', 'two'], namespaces: ['n'] } } },
    ],
    [
      { x: SPEC, y: { ...SPEC, gzip: false } },
      [file('x'), file('y')],
      ['default//config x=x.gz@sha', 'default//config y=y@sha'],
      { gzip: true },
    ],
    [{ x: { ...SPEC, allowed_repos: ['acme'] } }, [file('x')], ['default//config x=x@sha']],
    [{ x: { ...SPEC, allowed_repos: ['acme/other'] } }, [file('x')], []],
    [{ x: { ...SPEC, allowed_repos: ['acme'], denied_repos: ['acme/widgets'] } }, [file('x')], []],
  ])('%j', async (maps, files, asked, more = {}) => {
    expect((await merged(maps, files, {}, more)).asked).toEqual(asked);
  });

  test('partitions go by the first byte of the hash of the key', async () => {
    const names = ['p0', 'p1', 'p2'];
    const { asked } = await merged({ '*': { partitioned_names: names } }, [file('one'), file('two'), file('three')]);
    for (const line of asked) {
      const [, name, key = ''] = /\/(p\d) (\w+)=/.exec(line) ?? [];
      expect(name).toBe(names[(createHash('sha256').update(key).digest()[0] ?? 0) % 3]);
    }
    expect(asked).toHaveLength(3);
  });
});

test.each<[string, Partial<World>]>([
  ['closed without merge', { merged: false }],
  ['merged elsewhere', { baseRef: 'release' }],
])('nothing happens to what is %s', async (_, change) => {
  expect(await merged({}, [file('config/prow/config.yaml')], change)).toEqual({ asked: [], said: [] });
});

const ONE = '`config` configmap in namespace `prow` at cluster `default` using the following files:';
test('tells about one map, and about several', async () => {
  expect((await merged({ x: SPEC }, [file('x')])).said).toEqual([
    `@bob: Updated the ${ONE}\n - key \`x\` using file \`x\``,
  ]);
  const both = await merged({ x: SPEC, y: { name: 'other' } }, [file('x'), file('y')]);
  const other = ONE.replace('config', 'other');
  expect(both.said).toEqual([
    `@bob: Updated the following 2 configmaps:\n * ${ONE}\n   - key \`x\` using file \`x\`\n * ${other}\n   - key \`y\` using file \`y\`\n`,
  ]);
});

test('a map that cannot be updated fails after the others', async () => {
  await expect(merged({ x: { name: 'refused' }, y: SPEC }, [file('x'), file('y')])).rejects.toThrow('no');
});

test.each([
  [{ x: { name: 'a', partitioned_names: ['b'] } }, 'mutually exclusive'],
  [{ x: { name: 'a', clusters: { c: ['n'] }, cluster_groups: ['g'] } }, 'contains both clusters and cluster_groups'],
  [{ x: { name: 'a', cluster_groups: ['g'] } }, 'references inexistent cluster group named g'],
  [
    { 'a/x': { name: 'a', clusters: { c: ['n'] } }, 'b/x': { name: 'a', clusters: { c: ['n'] } } },
    'updated with more than one file',
  ],
])('%j is refused', async (maps, words) => {
  await expect(merged(maps, [])).rejects.toThrow(words);
});
