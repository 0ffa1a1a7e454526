import { expect, test } from 'vitest';
import { ownersContent, ownersOf } from '../../core/plugin/index.ts';
import { botComments, createWorld, file, happen, type World } from '../../core/plugin/testing/index.ts';
import { rewardOwners } from './index.ts';

const { baseSha, headSha } = createWorld();

function ownersFrom(sha: string, files: Record<string, string>) {
  const filenames = { owners: 'OWNERS', aliases: 'OWNERS_ALIASES' };
  const texts = Object.entries(files).map(([path, text]) => {
    const kind = path === filenames.aliases ? ('aliases' as const) : ('owners' as const);
    return { path, text, kind };
  });
  return ownersOf(ownersContent(sha, filenames, texts));
}

interface Row {
  name: string;
  before: Record<string, string>;
  after: Record<string, string>;
  changed?: World['files'];
  merged?: boolean;
  action?: string;
  welcome?: string;
}

const ROOT = { OWNERS: 'approvers: [alice]\nreviewers: [bob]' };

test.each<Row>([
  { name: 'somebody new', before: ROOT, after: { OWNERS: 'approvers: [alice, Zee, carl]' }, welcome: '@carl, @zee' },
  { name: 'nobody new', before: ROOT, after: { OWNERS: 'approvers: [bob]' } },
  {
    name: 'an owner elsewhere',
    before: { ...ROOT, 'b/OWNERS': 'approvers: [zee]' },
    after: { OWNERS: 'approvers: [alice, zee]', 'b/OWNERS': 'approvers: [zee]' },
  },
  {
    name: 'through an alias',
    before: { OWNERS: 'approvers: [team]', OWNERS_ALIASES: 'aliases:\n  team: [alice]' },
    after: { OWNERS: 'approvers: [team]', OWNERS_ALIASES: 'aliases:\n  team: [alice, zee]' },
    changed: [file('OWNERS_ALIASES')],
    welcome: '@zee',
  },
  { name: 'not merged', before: {}, after: ROOT, merged: false },
  { name: 'still open', before: {}, after: ROOT, action: 'synchronize' },
  { name: 'other files', before: {}, after: ROOT, changed: [file('docs/OWNERS.txt'), file('a/OWNERS_ALIASES')] },
  { name: 'a file that is gone', before: {}, after: ROOT, changed: [file('OWNERS', { status: 'removed' })] },
  {
    name: 'a new file',
    before: {},
    after: ROOT,
    changed: [file('x/OWNERS', { status: 'added' })],
    welcome: '@alice, @bob',
  },
])('$name', async (row) => {
  const load = async () => ownersFrom(baseSha, row.before);
  const loadCommit = async (sha: string) => ownersFrom(sha, sha === headSha ? row.after : row.before);
  const world = await happen(rewardOwners, 'pull_request', row.action ?? 'closed', {
    world: { merged: row.merged ?? true, files: row.changed ?? [file('OWNERS')] },
    ports: { owners: { load, loadCommit, texts: async () => new Map() } },
  });
  const comments = botComments(world);
  expect(comments).toHaveLength(row.welcome === undefined ? 0 : 1);
  if (row.welcome !== undefined)
    expect(comments[0]).toContain(
      `\nThanks to ${row.welcome} for serving the community in this new capacity!\n\nNext steps:`,
    );
});
