import { describe, expect, it } from 'vitest';
import type { Refs } from '../../api/refs.ts';
import { clonePath } from '../../spec/paths.ts';
import { assertSafeRefs, baseSteps, cloneUri, pullSteps } from './plan.ts';

const REFS: Refs = { org: 'org', repo: 'repo', base_ref: 'master' };
const URI = 'https://github.com/org/repo.git';
const CHECKOUT = (target = 'FETCH_HEAD') => [
  `checkout ${target}`,
  `branch --force master ${target}`,
  'checkout master',
];
const SUBMODULES = 'submodule update --init --recursive';

function commands(refs: Refs, identity = {}): { base: string[]; pull: string[]; dates: (string | undefined)[] } {
  const [mkdir, ...base] = baseSteps('/go', refs, identity);
  expect(mkdir).toEqual({ cwd: '/', command: 'mkdir', args: ['-p', clonePath('/go', refs)] });
  const pull = pullSteps('/go', refs, 100);
  for (const step of [...base, ...pull]) expect([step.command, step.cwd]).toEqual(['git', clonePath('/go', refs)]);
  const shown = (steps: typeof base) => steps.map(({ args, retry }) => (retry ? '~' : '') + args.join(' '));
  return {
    base: shown(base),
    pull: shown(pull),
    dates: pull.map(({ env }) => env?.GIT_COMMITTER_DATE).filter(Boolean),
  };
}

const pulls = [{ number: 1, author: '', sha: '' }];

describe('the commands of a clone', () => {
  it.each<{ name: string; refs: Partial<Refs>; identity?: object; base: string[]; pull?: string[] }>([
    {
      name: 'the simplest',
      refs: {},
      base: ['init', `~fetch ${URI} --tags --prune`, `~fetch ${URI} master`, ...CHECKOUT()],
    },
    {
      name: 'who merges, and a cookie file',
      refs: { skip_submodules: true },
      identity: { userName: 'u', userEmail: 'e', cookiePath: '/c' },
      base: [
        'init',
        'config user.name u',
        'config user.email e',
        'config http.cookiefile /c',
        `~fetch ${URI} --tags --prune`,
        `~fetch ${URI} master`,
        ...CHECKOUT(),
      ],
      pull: [],
    },
    {
      name: 'a base commit',
      refs: { base_sha: 'abc' },
      base: ['init', `~fetch ${URI} --tags --prune`, `~fetch ${URI} abc`, ...CHECKOUT('abc')],
    },
    { name: 'skip_fetch_head', refs: { skip_fetch_head: true }, base: ['init', `~fetch ${URI} master`, ...CHECKOUT()] },
    {
      name: 'clone_depth',
      refs: { clone_depth: 2 },
      base: ['init', `~fetch --depth 2 ${URI} --tags --prune`, `~fetch --depth 2 ${URI} master`, ...CHECKOUT()],
    },
    {
      name: 'blobless',
      refs: { blobless_fetch: true, pulls },
      base: [
        'init',
        `~fetch --filter=blob:none ${URI} --tags --prune`,
        `~fetch --filter=blob:none ${URI} master`,
        ...CHECKOUT(),
      ],
      pull: [`~fetch --filter=blob:none ${URI} pull/1/head`, 'merge --no-ff FETCH_HEAD', SUBMODULES],
    },
    {
      name: 'sparse',
      refs: { sparse_checkout_files: ['a/b', 'c'], pulls },
      base: [
        'init',
        'sparse-checkout init',
        `~fetch --filter=blob:none --no-tags ${URI} master`,
        'sparse-checkout set a/b c',
        ...CHECKOUT(),
      ],
      pull: [`~fetch --filter=blob:none ${URI} pull/1/head`, 'merge --no-ff FETCH_HEAD', SUBMODULES],
    },
    {
      name: 'pulls by number, commit and ref',
      refs: {
        pulls: [
          ...pulls,
          { number: 2, author: '', sha: 'two' },
          { number: 3, author: '', sha: 'three', ref: 'refs/x/3' },
        ],
      },
      base: ['init', `~fetch ${URI} --tags --prune`, `~fetch ${URI} master`, ...CHECKOUT()],
      pull: [
        `~fetch ${URI} pull/1/head`,
        'merge --no-ff FETCH_HEAD',
        `~fetch ${URI} two`,
        'merge --no-ff two',
        `~fetch ${URI} refs/x/3`,
        'merge --no-ff three',
        SUBMODULES,
      ],
    },
  ])('$name', ({ refs, identity, base, pull }) => {
    const planned = commands({ ...REFS, ...refs }, identity);
    expect(planned.base).toEqual(base);
    expect(planned.pull).toEqual(pull ?? [SUBMODULES]);
  });

  it('date each merge a second after the one before', () => {
    expect(commands({ ...REFS, pulls: [...pulls, ...pulls] }).dates).toEqual(['101', '102']);
  });
});

describe('where refs come from and go', () => {
  it.each<{ refs: Partial<Refs>; uri: string; path: string }>([
    { refs: {}, uri: URI, path: '/go/src/github.com/org/repo' },
    {
      refs: { repo_link: 'https://ghe.corp/org/repo' },
      uri: 'https://ghe.corp/org/repo.git',
      path: '/go/src/ghe.corp/org/repo',
    },
    {
      refs: { clone_uri: 'git@github.com:org/repo.git', path_alias: 'k8s.io/repo' },
      uri: 'git@github.com:org/repo.git',
      path: '/go/src/k8s.io/repo',
    },
  ])('$refs', ({ refs, uri, path }) => {
    expect(cloneUri({ ...REFS, ...refs })).toBe(uri);
    expect(clonePath('/go', { ...REFS, ...refs })).toBe(path);
  });

  it.each<Partial<Refs>>([
    { base_ref: '--upload-pack=evil' },
    { base_sha: '-x' },
    { clone_uri: '--upload-pack=evil' },
    { pulls: [{ number: 1, author: '', sha: '--x' }] },
    { pulls: [{ number: 1, author: '', sha: 'x', ref: '-x' }] },
    { sparse_checkout_files: ['--stdin'] },
    { path_alias: '../../etc' },
    { path_alias: '..' },
    { path_alias: '.' },
  ])('hostile refs are refused: %j', (refs) => {
    expect(() => assertSafeRefs('/go', { ...REFS, ...refs })).toThrow(/refs/);
  });
});
