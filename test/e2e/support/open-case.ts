import { Buffer } from 'node:buffer';
import { writeCommit } from '../../../sandbox/git/commits.ts';
import { readRef, updateRef } from '../../../sandbox/git/refs.ts';
import { editTree } from '../../../sandbox/git/trees.ts';
import * as actions from '../../../sandbox/model/actions/index.ts';
import { gitDir } from '../../../sandbox/model/lookup.ts';
import type { PullIssue } from '../../../sandbox/model/records.ts';
import type { World } from '../../../sandbox/model/world.ts';
import { personOf } from '../../../sandbox/present/commits.ts';
import type { Case, Scene } from './cases.ts';

const MAIN = 'refs/heads/main';
/** Where the base branch of a world stood at the first case, and the trees that cases have made on it. */
const grounds = new WeakMap<World, { tip: string; trees: Map<Case, string> }>();
let opened = 0;

/** Opens the case's pull request, as if it were the first one: what earlier cases have merged is gone. Nobody hears of a push. */
export async function openPull(scene: Scene, given: Case): Promise<PullIssue> {
  const { world, repo, person } = scene;
  const head = `change-${++opened}`;
  const actor = person(given.author);
  const dir = gitDir(world, repo);
  const { tip, trees } = await groundOf(scene);
  const files = Object.entries(given.files).map(([path, text]) => ({ path, content: Buffer.from(`${text}change\n`) }));
  const tree = trees.get(given) ?? (await editTree(dir, tip, files));
  trees.set(given, tree);
  const author = personOf(world, actor);
  // Two within a second are two commits.
  const committer = { ...author, name: head };
  const commit = { tree, parents: [tip], message: given.message, author, committer };
  await updateRef(dir, `refs/heads/${head}`, await writeCommit(dir, commit));
  const { title, draft } = given;
  return actions.openPull(world, { actor, repo, title, base: 'main', headRepo: repo, head, draft });
}

async function groundOf({ world, repo }: Scene) {
  const dir = gitDir(world, repo);
  const now = (await readRef(dir, MAIN)) ?? '';
  const known = grounds.get(world);
  if (!known) {
    const first = { tip: now, trees: new Map<Case, string>() };
    grounds.set(world, first);
    return first;
  }
  if (known.tip !== now) await updateRef(dir, MAIN, known.tip);
  return known;
}
