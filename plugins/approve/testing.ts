import { comment, file, type World } from '../../core/plugin/testing/index.ts';

type Options = Record<string, unknown>;
type State = World['reviews'][number]['state'];

const at = (second: number) => new Date(Date.UTC(2026, 5, 1, 0, 0, second)).toISOString();
export const said = (author: string, body: string, second = 0) =>
  comment(author, body, { url: '', createdAt: at(second) });
export const reviewed = (author: string, body: string, state: State, second = 0): World['reviews'][number] => ({
  id: second + 1,
  author,
  body,
  state,
  submittedAt: at(second),
  url: '',
});
export const stale = (second = 0) => said('ci-robot', '[APPROVALNOTIFIER] This PR is **APPROVED**\n\nblah', second);

const WORLD: Partial<World> = {
  org: 'org',
  repo: 'repo',
  number: 1,
  author: 'cjwagner',
  baseRef: 'master',
  repoFiles: {
    'a/OWNERS': 'approvers: [Alice]',
    'a/b/OWNERS': 'approvers: [Bob]',
    'c/OWNERS': 'approvers: [cblecker, cjwagner]',
    'd/OWNERS': 'approvers: [dora]\noptions:\n  auto_approve_unowned_subfolders: true',
    'e/OWNERS': 'approvers: [spxtr]',
  },
};

const off = { require_self_approval: true, ignore_review_state: true };

/** What was said and set before, and what follows from it. */
export interface Row {
  name: string;
  files: string[];
  body?: string;
  label?: 'bot' | 'human';
  comments?: World['comments'];
  reviews?: World['reviews'];
  assignees?: string[];
  options?: Options;
  approved: boolean;
  /** What the notice says: parts of it. */
  notice?: (string | RegExp)[];
}

/** org/repo#1 of cjwagner, and nobody approves by anything but words unless the row says so. */
export function stage(row: Row) {
  const actor = row.label === 'bot' ? 'ci-robot' : 'root';
  return {
    world: {
      ...WORLD,
      body: row.body ?? '',
      files: row.files.map((path) => file(path)),
      labels: row.label ? ['approved'] : [],
      labelHistory: row.label ? [{ label: 'approved', action: 'labeled' as const, actor, at: at(0) }] : [],
      comments: row.comments ?? [],
      reviews: row.reviews ?? [],
      assignees: row.assignees ?? [],
    },
    settings: { approve: [{ repos: ['org/repo'], ...off, ...row.options }] },
  };
}
