import {
  type ChangedFile,
  type CommandEventContext,
  normLogin,
  type Owners,
  type PortName,
  type PullRequest,
  requestReviews,
} from '../../core/plugin/index.ts';
import { type Candidates, chooseReviewers, type Picker } from './choose.ts';
import type { ReviewerSettings } from './config.ts';

/** What is needed of GitHub to find reviewers and ask them. */
export const NEEDS = ['pull', 'owners', 'search'] as const;

export type AskContext<N extends PortName = never> = Pick<
  CommandEventContext<(typeof NEEDS)[number] | N, ReviewerSettings>,
  'ports' | 'config' | 'log' | 'random'
>;

/** What is looked for reviewers for. */
export interface Change {
  pull: PullRequest;
  files: readonly ChangedFile[];
  owners: Owners;
}

/** How reviewers are chosen for one change. */
interface Choice {
  pick: Picker;
  /** Whom to ask where the owners of the change are too few: up to `missing`, none of them in `taken`. */
  others?(taken: ReadonlySet<string>, missing: number): string[];
}

export type Strategy<N extends PortName> = (context: AskContext<N>, change: Change) => Promise<Choice>;

/** Finds reviewers for the change, and asks them (Prow: pkg/plugins/blunderbuss/blunderbuss.go and pkg/plugins/rifle/rifle.go, handle). */
export async function askForReviews<N extends PortName>(
  context: AskContext<N>,
  at: { org: string },
  pull: PullRequest,
  strategy: Strategy<N>,
): Promise<void> {
  const { ports, log } = context;
  const [owners, files] = await Promise.all([ports.owners.load(pull.base.ref), ports.pull.files()]);
  const change = { pull, owners, files };
  const names = await reviewersFor(context.config, change, await strategy(context, change));
  if (names.length === 0) return;
  const refused = await requestReviews(ports.pull, names, at.org);
  if (refused.length > 0) log.warn({ refused }, 'GitHub does not let these owners be asked for a review');
}

async function reviewersFor(
  { request_count: count, max_request_count: max, exclude_approvers: noApprovers }: ReviewerSettings,
  { owners, files, pull: { author } }: Change,
  { pick, others }: Choice,
): Promise<string[]> {
  const paths = files.map(({ path }) => path);
  const found = await chooseReviewers(paths, reviewersOf(owners), author, count, pick);
  const fallback =
    found.length < count && !noApprovers ? await chooseReviewers(paths, approversOf(owners), author, count, pick) : [];
  const named = new Set([...found, ...fallback]);
  const missing = count - named.size;
  const more = missing > 0 ? (others?.(new Set([...named, normLogin(author)]), missing) ?? []) : [];
  const all = [...named, ...more];
  const limited = max > 0 ? all.slice(0, max) : all;
  const required = paths.flatMap((path) => [...owners.requiredReviewers(path)]).sort();
  return [...new Set([...limited, ...required])].filter((login) => login !== normLogin(author));
}

function reviewersOf(owners: Owners): Candidates {
  return { directory: owners.reviewerDirectory, nearest: owners.leafReviewers, all: owners.reviewers };
}

function approversOf(owners: Owners): Candidates {
  return { directory: owners.approverDirectory, nearest: owners.leafApprovers, all: owners.approvers };
}
