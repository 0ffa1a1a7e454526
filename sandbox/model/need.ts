import { isPull } from './lookup.ts';
import type { PullIssue } from './records.ts';
import { notFound } from './refusal.ts';
import type { World } from './world.ts';

/** The pull request with an issue's id; 404 where it is gone or an issue. */
export function needPull(world: World, issueId: number): PullIssue {
  const issue = world.issues.get(issueId);
  if (!issue || !isPull(issue)) throw notFound();
  return issue;
}
