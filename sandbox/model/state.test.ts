import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { startSandbox } from '../index.ts';
import * as actions from './actions/index.ts';
import { accountByLogin, pullByNumber, repoByName } from './lookup.ts';
import type { World } from './world.ts';
import { openWorld } from './world.ts';

vi.setConfig({ testTimeout: 60_000 });

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'sandbox-state-'));
  folders.push(made);
  return made;
}

function pull42(world: World) {
  const repo = repoByName(world, 'acme', 'widgets');
  const pull = repo && pullByNumber(world, repo, 42);
  const bob = accountByLogin(world, 'bob');
  if (!pull || !bob) throw new Error('the seed is not there');
  return { pull, bob };
}

test('what happened is there after a start without a stop, ids go on', async () => {
  const dataDir = folder();
  const sandbox = await startSandbox({ dataDir, port: 0 });
  const { pull, bob } = pull42(sandbox.world);
  const comment = actions.comment(sandbox.world, { actor: bob, issue: pull, body: 'still here?' });
  const last = sandbox.world.feed.lastId;
  sandbox.world.flush();
  // A second reader of the same files sees what a process that was killed now would have left.
  const after = openWorld(dataDir);
  expect(after.comments.get(comment.id)).toEqual(comment);
  expect(after.feed.lastId).toBe(last);
  expect(after.nextId()).toBeGreaterThan(comment.id);
  after.close();
  await sandbox.close();
});

test('the same folder keeps its world and its App over a restart', async () => {
  const dataDir = folder();
  const first = await startSandbox({ dataDir, port: 0 });
  const { pull, bob } = pull42(first.world);
  await actions.setState(first.world, bob, pull, 'closed');
  await first.close();
  const second = await startSandbox({ dataDir, port: 0 });
  expect(pull42(second.world).pull.state).toBe('closed');
  expect(second.tokens).toEqual(first.tokens);
  await second.startOver();
  expect(pull42(second.world).pull.state).toBe('open');
  expect(second.world.feed.since(0).at(-1)?.kind).toBe('startedOver');
  expect(second.tokens.app).toEqual(first.tokens.app);
  await second.close();
});

test('the feed tells later changes and keeps earlier ones', async () => {
  const sandbox = await startSandbox({ dataDir: folder(), port: 0 });
  const { pull, bob } = pull42(sandbox.world);
  const from = sandbox.world.feed.lastId;
  const heard: string[] = [];
  const stop = sandbox.world.feed.subscribe((change) => heard.push(change.kind));
  actions.comment(sandbox.world, { actor: bob, issue: pull, body: 'one' });
  stop();
  actions.comment(sandbox.world, { actor: bob, issue: pull, body: 'two' });
  expect(heard).toEqual(['comment.created']);
  expect(sandbox.world.feed.since(from).map((it) => it.data.body)).toEqual(['one', 'two']);
  expect(sandbox.world.feed.of('acme/widgets', 42).at(-1)?.data.body).toBe('two');
  await sandbox.close();
});

test('prepared commits are pushed in their order, on top of whatever came between', async () => {
  const sandbox = await startSandbox({ dataDir: folder(), port: 0 });
  const { world } = sandbox;
  const { pull, bob } = pull42(world);
  const repo = world.repos.need(pull.repoId);
  await actions.pushCommit(world, {
    actor: bob,
    repo,
    branch: 'retry-uploads',
    message: 'Between',
    files: [{ path: 'NOTES.md', content: 'notes\n' }],
  });
  const titles = [];
  for (let next = actions.preparedCommit(world, pull); next; next = actions.preparedCommit(world, pull)) {
    titles.push(next.title);
    expect(await actions.pushPrepared(world, bob, pull)).toBe(pull.pull.headSha);
  }
  expect(titles).toEqual(['Cap the backoff at 30 s', 'Break the line that lint names']);
  await expect(actions.pushPrepared(world, bob, pull)).rejects.toThrow('No prepared commit is left');
  await sandbox.close();
});
