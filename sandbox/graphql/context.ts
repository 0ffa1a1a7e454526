import type { Permission, PullIssue, Repo } from '../model/records.ts';
import type { World } from '../model/world.ts';
import type { Caller } from '../rest/call.ts';
import type { RateLimits } from '../rest/limits.ts';
import { callerPermission } from '../rest/scope.ts';
import type { Node } from './connection.ts';

/** Resolvers that those of other kinds refer back to: a commit knows its repository, which knows its commits. */
interface BackReferences {
  repository(context: Context, repo: Repo): Node;
  pull(context: Context, issue: PullIssue): Node;
  ref(context: Context, repo: Repo, ref: string): Promise<Node | null>;
}

/** What the resolvers of one query share. */
export interface Context {
  world: World;
  caller: Caller;
  limits: RateLimits;
  nodes: BackReferences;
}

export function permissionIn(context: Context, repo: Repo): Permission {
  return callerPermission(context.world, context.caller, repo);
}

export function canRead(context: Context, repo: Repo): boolean {
  return permissionIn(context, repo) !== 'none';
}
