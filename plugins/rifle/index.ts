import { isTransient } from '../../core/plugin/index.ts';
import type { AskContext, Change } from '../blunderbuss/ask.ts';
import { availableOnly, takeRandom } from '../blunderbuss/choose.ts';
import { reviewRequester } from '../blunderbuss/requester.ts';
import { bestOthers, type Scores, takeBest } from './best.ts';
import { mostDiverse, oldLines, type Work, workOn } from './blame.ts';

type Context = AskContext<'repo'>;

/** Prow: pkg/plugins/rifle. */
export const rifle = reviewRequester({
  name: 'rifle',
  summary:
    'The rifle plugin automatically requests reviews from reviewers when a new PR is created. Unlike blunderbuss (which selects randomly), rifle uses git blame data to identify reviewers most familiar with the changed code.',
  help: 'Manually request reviews from reviewers for a PR. Useful if OWNERS files were updated since the PR was opened, or PR was changed significantly.',
  needs: ['repo'],
  async strategy(context: Context, change) {
    const scores = await scoresOf(context, change);
    const take = scores.size > 0 ? takeBest(scores) : takeRandom;
    return {
      pick: availableOnly(context, take),
      others: (taken, missing) =>
        bestOthers(change.owners.allOwners().difference(taken), scores, missing, context.random),
    };
  },
});

const MOST_FILES = 20;
const PER_LINE = 10;
const FOR_RECENCY = 5;
const FOR_APPROVERS = 3;
const FOR_REVIEWERS = 2;
const DAY_MS = 86_400_000;

/** By login: how much of what the change replaces somebody wrote, how lately, and a little for being an owner of it. */
async function scoresOf(context: Context, { pull, files, owners }: Change): Promise<Scores> {
  const scores = new Map<string, number>();
  const ref = await mergeBase(context, pull.base.ref, pull.head.sha);
  for (const file of mostDiverse(files, MOST_FILES)) {
    const lines = oldLines(file.patch);
    if (lines.length === 0) continue;
    for (const [login, work] of workOn(await blame(context, ref, file.path), lines))
      scores.set(login, (scores.get(login) ?? 0) + worth(work));
  }
  const approvers = new Set(files.flatMap(({ path }) => owners.approvers(path).flat()));
  const reviewers = new Set(files.flatMap(({ path }) => owners.reviewers(path).flat()));
  for (const [login, score] of scores) {
    const bonus = approvers.has(login) ? FOR_APPROVERS : reviewers.has(login) ? FOR_REVIEWERS : 0;
    scores.set(login, score + bonus);
  }
  return scores;
}

function worth({ lines, latest }: Work): number {
  return lines * PER_LINE + FOR_RECENCY / (1 + Math.max(0, Date.now() - latest) / DAY_MS);
}

/** Where GitHub finds none, the base branch serves. */
async function mergeBase({ ports, log }: Context, base: string, head: string): Promise<string> {
  try {
    return await ports.repo.mergeBase(base, head);
  } catch (err) {
    if (isTransient(err)) throw err;
    log.warn({ err }, 'the merge base is not known, blame is taken at the base branch');
    return base;
  }
}

/** A file that is new has no blame, and neither has one that GitHub finds too large. */
async function blame({ ports, log }: Context, ref: string, path: string) {
  try {
    return await ports.repo.blame(ref, path);
  } catch (err) {
    if (isTransient(err)) throw err;
    log.warn({ err, path }, 'GitHub has no blame for a file');
    return [];
  }
}
