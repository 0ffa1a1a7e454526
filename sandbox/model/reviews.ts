import { protectionOf } from '../present/repos.ts';
import type { PullIssue, Review } from './records.ts';
import type { World } from './world.ts';

/** The last approval or request for changes of each reviewer; what was dismissed no longer counts. */
export function latestOpinions(world: World, issue: PullIssue): Review[] {
  const latest = new Map<number, Review>();
  for (const review of world.reviews.in(issue.id)) {
    if (review.state === 'DISMISSED') latest.delete(review.authorId);
    else if (review.state === 'APPROVED' || review.state === 'CHANGES_REQUESTED') latest.set(review.authorId, review);
  }
  return [...latest.values()];
}

/** GitHub's `reviewDecision`: null where nobody has said anything and the base branch asks for no review. */
export function reviewDecision(
  world: World,
  issue: PullIssue,
): 'APPROVED' | 'CHANGES_REQUESTED' | 'REVIEW_REQUIRED' | null {
  const opinions = latestOpinions(world, issue);
  if (opinions.some((it) => it.state === 'CHANGES_REQUESTED')) return 'CHANGES_REQUESTED';
  if (opinions.length > 0) return 'APPROVED';
  const rule = protectionOf(world.repos.need(issue.repoId), issue.pull.baseRef)?.rule;
  return rule?.required_pull_request_reviews ? 'REVIEW_REQUIRED' : null;
}
