import { expect, test } from 'vitest';
import { pluginHelp } from '../../core/plugin/help.ts';
import { botComments, comment, file, happen, type World } from '../../core/plugin/testing/index.ts';
import { blockade } from './index.ts';

const LABEL = 'do-not-merge/blocked-paths';
const NOTICE = `Adding label: \`${LABEL}\` because PR changes a protected file.`;

const DOCS = { repos: ['acme/widgets'], blockregexps: ['docs/.*'], exceptionregexps: ['.*ex'], explanation: '1' };
const MD = { repos: ['acme'], blockregexps: ['\\.md$'], explanation: '2' };
const OTHERS = { repos: ['acme/other', 'umbrella'], blockregexps: ['.*'], explanation: '3' };
const NOBODY = { repos: ['acme'], explanation: '4' };
const RELEASES = { repos: ['acme'], branchregexp: '^release-', blockregexps: ['^api/'] };

interface Row {
  files: string[];
  blockades: object[];
  before?: boolean;
  base?: string;
  blocked: boolean;
  says?: string[];
}

const happens = (
  { files, blockades, before, base = 'main' }: Row,
  action = 'synchronize',
  world: Partial<World> = {},
) =>
  happen(blockade, 'pull_request', action, {
    world: { files: files.map((path) => file(path)), labels: before ? [LABEL, 'x'] : ['x'], baseRef: base, ...world },
    settings: { blockades },
  });

test.each<Row>([
  { files: ['docs/documentation', 'my_documentation'], blockades: [], blocked: false },
  { files: ['code/code', 'readme'], blockades: [DOCS], blocked: false },
  { files: ['docs/documentation', 'a'], blockades: [DOCS], blocked: true, says: ['[1]\n- [docs/documentation]('] },
  { files: ['docs/ex.md'], blockades: [DOCS], blocked: false },
  { files: ['docs/ex.md'], blockades: [DOCS, MD], blocked: true, says: ['[2]\n- [docs/ex.md]('] },
  {
    files: ['docs/a', 'docs/b.md'],
    blockades: [DOCS, MD],
    blocked: true,
    says: ['[1]', '[2]', '[docs/a]', '[docs/b.md]'],
  },
  { files: ['a'], blockades: [OTHERS, NOBODY], blocked: false },
  { files: ['api/x'], blockades: [RELEASES], blocked: false },
  { files: ['api/x'], blockades: [RELEASES], base: 'release-1', blocked: true, says: ['[Files are protected]'] },
  { files: ['api/x'], blockades: [], before: true, blocked: false },
  { files: ['x'], blockades: [MD], before: true, blocked: false },
  { files: ['x.md'], blockades: [MD], before: true, blocked: true, says: [] },
])('$files on $base with $blockades', async (row) => {
  const world = await happens(row);
  expect(world.labels.includes(LABEL)).toBe(row.blocked);
  const comments = botComments(world);
  expect(comments).toHaveLength(row.says && row.says.length > 0 ? 1 : 0);
  for (const part of row.says ?? []) expect(comments[0]).toContain(part);
});

test('the comment to the letter; it goes when nothing is blocked any more', async () => {
  const row = { files: ['a.md'], blockades: [MD], blocked: true };
  const world = await happens(row, 'opened');
  expect(botComments(world)[0]).toContain(
    `@bob: ${NOTICE}\n\n<details>\n\n#### Reasons for blocking this PR:\n[2]\n- [a.md](https://github.com/acme/widgets/blob/b/a.md)\n\n`,
  );
  const comments = [...world.comments, comment('alice', NOTICE), comment('ci-robot', 'other')];
  const after = await happens({ ...row, files: ['b'], before: true }, 'synchronize', { comments });
  expect(after.comments.map(({ author, body }) => [author, body])).toEqual([
    ['alice', NOTICE],
    ['ci-robot', 'other'],
  ]);
});

test('a file that moves out of a protected place is blocked', async () => {
  const moved = file('b', { status: 'renamed', previousPath: 'a.md' });
  const row = { files: [], blockades: [MD], blocked: true };
  expect((await happens(row, 'opened', { files: [moved] })).labels).toContain(LABEL);
  expect((await happens(row, 'opened', { files: [{ ...moved, status: 'copied' }] })).labels).not.toContain(LABEL);
});

test('a path writes nothing but itself', async () => {
  const row = { files: ['](x)/@acme/all <!--.md'], blockades: [MD], blocked: true };
  const [words] = botComments(await happens(row, 'opened'));
  expect(words).toContain('- []\\(x)/@\u200bacme/all &lt;!--.md](https://github.com/acme/widgets/blob/b/]%28x%29/');
});

test.each([
  { action: 'reopened', looks: true },
  { action: 'edited', looks: false },
  { action: 'closed', looks: false },
])('$action', async ({ action, looks }) => {
  const world = await happens({ files: ['a.md'], blockades: [MD], blocked: true }, action);
  expect(world.labels.includes(LABEL)).toBe(looks);
});

test('no file is asked for where nothing is blocked', async () => {
  expect((await happens({ files: ['a.md'], blockades: [OTHERS], blocked: false })).calls).toEqual(['labels.list()']);
});

test.each([{ branchregexp: '(' }, { blockregexps: ['('] }, { exceptionregexps: ['('] }])(
  '%j is refused',
  async (bad) => {
    await expect(happens({ files: [], blockades: [{ repos: ['acme'], ...bad }], blocked: false })).rejects.toThrow(
      /blockades\.0\./,
    );
  },
);

test('help', () => expect(pluginHelp(blockade, {}).Description).toContain('blocks pull requests from merging'));

test('the help page tells of the blockades of a repository, and of none where there are none', () => {
  const { config } = blockade;
  expect([config?.everywhere, config?.describe?.([])]).toEqual([undefined, '']);
});
