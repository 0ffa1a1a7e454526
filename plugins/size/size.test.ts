import { expect, test } from 'vitest';
import { file, happen } from '../../core/plugin/testing/index.ts';
import { isGenerated, parseGeneratedFiles } from './generated.ts';
import { linguistGenerated } from './gitattributes.ts';
import { size } from './index.ts';

const changed = (path: string, additions: number, deletions = 0) => file(path, { additions, deletions });
const GENERATED = '# Comments\nfile-name foobar\n\npath-prefix generated\n\npaths-from-repo docs/.generated_docs\n';
const DOCS = '\t# Comments work\n\n\tfoobar\n\tmypath1\n\tmydir/mypath3\n';
const MANY = [
  changed('foobar', 10, 10),
  changed('barfoo', 5),
  changed('generated/what.txt', 30),
  changed('generated/my/file.txt', 300),
  changed('mypath1', 300),
  changed('mydir/mypath3', 300),
];

test.each([
  { name: 'no .generated_files', files: [changed('foobar', 10, 10), changed('barfoo', 3, 4)], after: ['size/S'] },
  {
    name: '.generated_files',
    repoFiles: { '.generated_files': '\t\tfile-name foobar\n\n\t\tpath-prefix generated\n' },
    files: [changed('foobar', 10, 10), changed('barfoo', 50), changed('generated/my/file.txt', 300)],
    after: ['size/M'],
  },
  {
    name: '.gitattributes',
    repoFiles: {
      '.gitattributes': '# c\nfoobar linguist-generated=true\ngenerated/**/*.txt linguist-generated=true\n',
    },
    files: [
      changed('foobar', 10, 10),
      changed('barfoo', 50),
      changed('generated/a.txt', 30),
      changed('generated/my/b.txt', 300),
    ],
    after: ['size/M'],
  },
  {
    name: 'paths from the repository',
    repoFiles: { '.generated_files': GENERATED, 'docs/.generated_docs': DOCS },
    files: MANY,
    after: ['size/XS'],
  },
  {
    name: 'the size stays',
    repoFiles: { '.generated_files': GENERATED, 'docs/.generated_docs': DOCS },
    files: MANY,
    before: ['irrelevant', 'size/XS'],
    after: ['irrelevant', 'size/XS'],
  },
  {
    name: 'the size changes',
    files: [changed('a', 70)],
    before: ['size/XS', 'kind/bug', 'size/XXL'],
    after: ['kind/bug', 'size/M'],
  },
  {
    name: 'a wrong line hurts nobody',
    repoFiles: { '.generated_files': 'what is this line anyway?\nfile-name foobar' },
    files: [changed('foobar', 500), changed('b', 1)],
    after: ['size/XS'],
  },
  {
    name: 'a list that is not there',
    repoFiles: { '.generated_files': 'paths-from-repo gone' },
    files: [changed('b', 1)],
    after: ['size/XS'],
  },
  { name: 'nothing changed', files: [], after: ['size/XS'] },
  {
    name: '3,000 files',
    files: Array.from({ length: 3_000 }, (_, index) => changed(`d/${index}.go`, 1)),
    after: ['size/XXL'],
  },
])('$name', async ({ files, after, before = [], repoFiles = {} }) => {
  const world = await happen(size, 'pull_request', 'opened', { world: { files, labels: before, repoFiles } });
  expect(world.labels).toEqual(after);
});

test.each([
  [9, 'size/XS'],
  [10, 'size/S'],
  [29, 'size/S'],
  [30, 'size/M'],
  [99, 'size/M'],
  [100, 'size/L'],
  [499, 'size/L'],
  [500, 'size/XL'],
  [999, 'size/XL'],
  [1000, 'size/XXL'],
])('%i lines are %s', async (lines, label) => {
  const world = await happen(size, 'pull_request', 'synchronize', { world: { files: [changed('a', lines)] } });
  expect(world.labels).toEqual([label]);
});

test.each(['opened', 'reopened', 'synchronize', 'edited'])('measures when a pull request is %s', async (action) => {
  const world = await happen(size, 'pull_request', action);
  expect(world.labels).toEqual(['size/XS']);
});

test.each(['closed', 'labeled', 'assigned'])('asks nothing when a pull request is %s', async (action) => {
  const world = await happen(size, 'pull_request', action);
  expect(world.calls).toEqual([]);
});

test('thresholds of its own; 0 is the usual figure', async () => {
  const stage = { world: { files: [changed('a', 27)] }, settings: { size: { s: 0, m: 1, l: 2, xl: 3, xxl: 4 } } };
  expect((await happen(size, 'pull_request', 'opened', stage)).labels).toEqual(['size/XXL']);
});

test('a smaller size above a larger one is refused', async () => {
  const stage = { settings: { size: { s: 12, m: 11, l: 20, xl: 30, xxl: 40 } } };
  await expect(happen(size, 'pull_request', 'opened', stage)).rejects.toThrow('bigger than a larger one');
});

test.each([
  ['abc.json', 'abc.json', true],
  ['abc.json', 'a/abc.json', true],
  ['abc.js', 'abc.json', false],
  ['*.json', 'abc.json', true],
  ['*.json', 'a/b/abc.json', true],
  ['a/*.json', 'a/abc.json', true],
  ['a/*.json', 'b/a/abc.json', false],
  ['/a.json', 'b/a.json', false],
  ['*/abc.json', 'a/abc.json', true],
  ['*/abc.json', 'a/b/abc.json', false],
  ['**/abc.json', 'a/b/abc.json', true],
  ['**/abc.json', 'abc.json', true],
  ['**/abc.js', 'a/b/abc.json', false],
  ['a/**', 'a/b/abc.json', true],
  ['a/**/z', 'a/z', true],
  ['vendor', 'x/vendor/y.go', true],
  ['a?c.[jt]s', 'abc.ts', true],
  ['a[!b]c', 'abc', false],
  ['a+(b)', 'a+(b)', true],
  ['a\\*c', 'abc', false],
  ['a\\*c', 'a*c', true],
  ['!abc.json', 'abc.json', false],
  ['abc/', 'abc/x', false],
])('.gitattributes: %s and %s: %s', (glob, path, matches) => {
  const patterns = linguistGenerated(`*.go text\n${glob} merge=union linguist-generated=true`);
  expect(patterns.some((pattern) => pattern.test(path))).toBe(matches);
});

test('.gitattributes that say something else mark nothing', () => {
  expect(linguistGenerated('*.bash text eol=lf\n*.pb.go linguist-generated=false\n*.x')).toEqual([]);
});

test.each([
  ['file-prefix zz_generated.', 'a/zz_generated.go', true],
  ['file-prefix zz_generated.', 'zz_generated.d/a.go', false],
  ['file-name BUILD', 'a/b/BUILD', true],
  ['path a/b.go', 'a/b.go', true],
  ['path b.go', 'a/b.go', true],
  ['prefix vendor/', 'vendor/a.go', true],
  ['path-prefix vendor/', 'a/vendor/a.go', false],
])('.generated_files: %s and %s: %s', (line, path, matches) => {
  expect(isGenerated(path, parseGeneratedFiles(line))).toBe(matches);
});

test('.generated_files that say nothing known', () => {
  const { wrong } = parseGeneratedFiles('file-name a\nbadline\ninvalid command\nfile-name a b\n# fine');
  expect(wrong).toEqual(['badline', 'invalid command', 'file-name a b']);
});
