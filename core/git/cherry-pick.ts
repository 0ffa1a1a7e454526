import type { Mirror, Person } from './mirror.ts';

/** What became of a series of commits: one new commit at its end, or the one that did not apply. `empty`: all of it was there already. */
export type Picked =
  | { kind: 'picked'; commit: string }
  | { kind: 'empty' }
  | { kind: 'conflict'; commit: string; subject: string; paths: string[] };

/** Takes commits over onto another one, in order, with their authors and messages; those whose change is there already fall away, as with `git am`. */
export async function cherryPick(
  mirror: Pick<Mirror, 'commit' | 'mergeTrees' | 'readCommit'>,
  { commits, onto, committer }: { commits: readonly string[]; onto: string; committer: Person },
): Promise<Picked> {
  let tip = onto;
  let tree = (await mirror.readCommit(onto)).tree;
  for (const sha of commits) {
    const { author, message, parents } = await mirror.readCommit(sha);
    const [base] = parents;
    if (base === undefined) return { kind: 'conflict', commit: sha, subject: subjectOf(message), paths: [] };
    const merged = await mirror.mergeTrees({ base, ours: tip, theirs: sha });
    if ('conflicts' in merged)
      return { kind: 'conflict', commit: sha, subject: subjectOf(message), paths: merged.conflicts };
    if (merged.tree === tree) continue;
    tip = await mirror.commit({ tree: merged.tree, parents: [tip], message, author, committer });
    tree = merged.tree;
  }
  return tip === onto ? { kind: 'empty' } : { kind: 'picked', commit: tip };
}

function subjectOf(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}
