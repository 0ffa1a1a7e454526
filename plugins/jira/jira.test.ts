import { describe, expect, test } from 'vitest';
import { CutwaterError } from '../../core/plugin/index.ts';
import { say, type World } from '../../core/plugin/testing/index.ts';
import { jira } from './index.ts';
import { keysIn, withLinks } from './text.ts';

const URL = 'https://my-jira.com';
const LINK = `[ABC-123](${URL}/browse/ABC-123)`;

test.each([
  { text: 'ABC-123', keys: ['ABC-123'] },
  { text: ' abc-123 \n', keys: ['abc-123'] },
  { text: '\nABC-123\n', keys: ['ABC-123'] },
  { text: 'ABC-123: title', keys: ['ABC-123'] },
  { text: 'ABC-123 ABC-345 ABC-123', keys: ['ABC-123', 'ABC-345'] },
  { text: `${URL}/browse/ABC-123`, keys: ['ABC-123'] },
  { text: LINK, keys: ['ABC-123'] },
  { text: 'ABC-123a, ABC-123. ABC-123,', keys: [] },
  { text: 'A1-2 -3', keys: [] },
])('$text names $keys', ({ text, keys }) => {
  expect(keysIn(text)).toEqual(keys);
});

test.each([
  { text: 'ABC-123: Fix\n* ABC-123', linked: `${LINK}: Fix\n* ${LINK}` },
  { text: `${LINK}: and ABC-123`, linked: `${LINK}: and ${LINK}` },
  { text: `${URL}/browse/ABC-123` },
  { text: 'x\n```bash\nABC-123\n```\nABC-123', linked: `x\n\`\`\`bash\nABC-123\n\`\`\`\n${LINK}` },
  { text: '``ABC-123`` and `ABC-123`, ABC-123 though', linked: `\`\`ABC-123\`\` and \`ABC-123\`, ${LINK} though` },
  { text: 'x:\r\n\r\n    log of ABC-123 here\r\n' },
  { text: 'whatever-ABC-123, ABC-1234, XABC-123' },
])('$text', ({ text, linked = text }) => {
  expect(withLinks(text, ['ABC-123'], URL)).toBe(linked);
});

test('a key within another is none', () => {
  const text = 'ABC-123 and\nBC-1: first';
  expect(withLinks(text, ['ABC-123', 'BC-1'], URL)).toBe(`${LINK} and\n[BC-1](${URL}/browse/BC-1): first`);
});

describe('the plugin', () => {
  interface Stage {
    body: string;
    issues?: string[];
    event?: object;
    world?: Partial<World>;
    disabled?: string[];
    link?: (key: string, link: object) => Promise<void>;
    url?: string | undefined;
  }

  async function run({ body, issues = ['ABC-123'], disabled = [], ...stage }: Stage) {
    const links: [string, object][] = [];
    const asked: string[] = [];
    const port = {
      url: async () => ('url' in stage ? stage.url : URL),
      projects: async () => ['ABC', 'XYZ'],
      async hasIssue(key: string) {
        asked.push(key);
        return issues.includes(key);
      },
      link: stage.link ?? (async (key: string, link: object) => void links.push([key, link])),
    };
    const given = { title: 'Some issue', isPull: false, ...stage.world };
    const world = await say(jira, 'alice', body, {
      world: given,
      event: stage.event ?? {},
      settings: { jira: { disabled_jira_projects: disabled } },
      ports: { jira: port },
    });
    const edits = world.calls.filter((call) => /edit/.test(call));
    return { links, asked, edits, world };
  }

  const page = 'https://github.com/acme/widgets/pull/5';
  const link = (title = 'Some issue') => ['ABC-123', { url: page, title: `acme/widgets#5: ${title}` }];

  test.each<Stage & { edits?: string[]; linked?: unknown[]; of: string }>([
    { of: 'a comment', body: 'see ABC-123', linked: [link()], edits: [`comments.edit(1, see ${LINK})`] },
    {
      of: 'an edited comment',
      body: 'ABC-123',
      event: { action: 'edited' },
      linked: [link()],
      edits: [`comments.edit(1, ${LINK})`],
    },
    { of: 'a deleted one', body: 'ABC-123', event: { action: 'deleted' } },
    { of: 'a pasted address', body: `${URL}/browse/ABC-123`, linked: [link()] },
    {
      of: 'the same key twice',
      body: 'ABC-123 ABC-123',
      linked: [link()],
      edits: [`comments.edit(1, ${LINK} ${LINK})`],
    },
    { of: 'the title', body: 'x', world: { title: 'ABC-123: t' }, linked: [link('ABC-123: t')] },
    { of: 'an issue that Jira has not', body: 'ABC-124' },
    { of: 'a disabled project', body: 'ABC-123', disabled: ['abc'] },
    {
      of: 'a project whose key begins alike',
      body: 'ABC-123',
      disabled: ['AB', 'xyz'],
      linked: [link()],
      edits: [`comments.edit(1, ${LINK})`],
    },
    { of: 'no Jira', body: 'ABC-123', url: undefined },
    {
      of: 'a description',
      body: 'ABC-123',
      event: { source: 'description', commentId: undefined },
      world: { body: 'ABC-123' },
      linked: [link()],
      edits: [`issue.edit({"body":"${LINK}"})`],
    },
    {
      of: 'a review, which nobody can edit',
      body: 'ABC-123',
      event: { source: 'review', commentId: undefined },
      world: { body: 'x' },
      linked: [link()],
    },
  ])('$of', async ({ linked = [], edits = [], ...stage }) => {
    const after = await run(stage);
    expect(after.links).toEqual(linked);
    expect(after.edits).toEqual(edits);
  });

  test('Jira is asked only about projects that it has', async () => {
    expect((await run({ body: 'sha-256 utf-8 ABC-123 xyz-9' })).asked).toEqual(['ABC-123', 'xyz-9']);
  });

  test('one comment makes it ask about so many keys only', async () => {
    const body = Array.from({ length: 100 }, (_, index) => `ABC-${index}`).join(' ');
    expect((await run({ body })).asked).toHaveLength(30);
  });

  test('what Jira refuses leaves the rest as it is; what heals is tried again', async () => {
    const refuse = (code: 'forbidden' | 'transient') => () => Promise.reject(new CutwaterError(code, 'no'));
    expect((await run({ body: 'ABC-123', link: refuse('forbidden') })).edits).toEqual([`comments.edit(1, ${LINK})`]);
    await expect(run({ body: 'ABC-123', link: refuse('transient') })).rejects.toThrow('no');
  });
});
