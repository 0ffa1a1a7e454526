import { comments } from './comments.ts';
import { issue } from './issue.ts';
import { labels } from './labels.ts';
import { people } from './people.ts';
import type { Bound } from './port.ts';
import { projects } from './projects.ts';
import { pull } from './pull.ts';
import { repo } from './repo.ts';
import { reviews } from './reviews.ts';
import { search } from './search.ts';
import { statuses } from './statuses.ts';
import { web } from './web.ts';
import { workflows } from './workflows.ts';

/** Every capability that core offers; a plugin names the ones it needs and sees no other. */
export const corePorts = {
  comments,
  issue,
  labels,
  people,
  projects,
  pull,
  repo,
  reviews,
  search,
  statuses,
  web,
  workflows,
};

type CorePorts = { [K in keyof typeof corePorts]: Bound<(typeof corePorts)[K]> };

/**
 * All ports by name, as plugins see them. Components add theirs where they declare them (`declare module` in jobs/api, for instance),
 * and the program hands in their implementation when it wires itself together.
 */
export interface PortMap extends CorePorts {}

export type PortName = keyof PortMap;

export type { Bug, BugComment, LinkedPull } from '../trackers/bugzilla.ts';
export type { Comment, Reaction } from './comments.ts';
export type { ConfigMapId, KeyUpdate } from './config-maps.ts';
export type { Issue, NewIssue } from './issue.ts';
export type { LabelEvent, RepoLabel } from './labels.ts';
export type { Team } from './people.ts';
export type { Ask, Bound, Call, GitHubClient, NamedCall, Permissions, Port, Target } from './port.ts';
export { once, orMissing, port, read, state, statusOf, write } from './port.ts';
export type { Card, Named } from './projects.ts';
export type { ChangedFile, Commit, NewPull, PullRequest } from './pull.ts';
export type { BlameRange, TreeEntry } from './repo.ts';
export type { NewReview, Review, ReviewComment } from './reviews.ts';
export type { Found } from './search.ts';
export type { CheckRun, CommitStatus, StatusState } from './statuses.ts';
export type { WebAnswer, WebOptions } from './web.ts';
export type { WorkflowRun } from './workflows.ts';
