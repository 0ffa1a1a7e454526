import type { ProbotOctokit } from 'probot';
import { CutwaterError } from '../errors.ts';

/** What a port needs of Octokit; core/github hands out one a repository's owner, limited, cached and retried there. */
export type GitHubClient = Pick<InstanceType<typeof ProbotOctokit>, 'request' | 'paginate' | 'graphql'>;

/** What a call is about: a repository, and the issue or pull request where there is one. */
export interface Target {
  org: string;
  repo: string;
  number?: number;
}

/**
 * How a call behaves when an event is handled a second time, after a crash or a failure (see docs/design.md, "Done once"):
 * - `read`: asked again.
 * - `state`: what our own writes change; a later attempt sees what the first one saw, or it would take its own work for somebody else's.
 * - `write`: may be repeated without harm; done again where its outcome is unknown.
 * - `once`: must not be repeated; where its outcome is unknown, `find` looks for its result first.
 */
type CallKind = 'read' | 'state' | 'write' | 'once';

export interface Call<A extends unknown[] = never[], R = unknown> {
  kind: CallKind;
  run(gh: GitHubClient, at: Target, ...args: A): Promise<R>;
  /** Reads of other ports ("pull.get") that this write makes stale; those of its own port always are. */
  forgets?: readonly string[];
  find?(gh: GitHubClient, at: Target, since: Date, ...args: A): Promise<R | undefined>;
}

type Run<A extends unknown[], R> = Call<A, R>['run'];

export function read<A extends unknown[], R>(run: Run<A, R>): Call<A, R> {
  return { kind: 'read', run };
}

export function state<A extends unknown[], R>(run: Run<A, R>): Call<A, R> {
  return { kind: 'state', run };
}

export function write<A extends unknown[], R>(run: Run<A, R>, forgets: readonly string[] = []): Call<A, R> {
  return { kind: 'write', run, forgets };
}

export function once<A extends unknown[], R>(run: Run<A, R>, find: NonNullable<Call<A, R>['find']>): Call<A, R> {
  return { kind: 'once', run, find };
}

/** GitHub App permissions, by GitHub's own names (app.yml: default_permissions). */
export type Permissions = Readonly<Record<string, 'read' | 'write'>>;

export interface Port<C extends Record<string, Call> = Record<string, Call>> {
  name: string;
  /** What the App must be allowed for this port to work; app.yml is checked against the sum over all plugins. */
  permissions: Permissions;
  calls: C;
}

/** Declares a capability: its name, the App permissions that it costs, its calls. */
// biome-ignore lint/suspicious/noExplicitAny: the arguments of a call are inferred, and any is the one type that all of them fit
export function port<C extends Record<string, Call<any, any>>>(name: string, permissions: Permissions, calls: C) {
  return { name, permissions, calls };
}

/** A port as a plugin sees it: bound to the event's repository and number. */
export type Bound<P> = P extends { calls: infer C }
  ? { [K in keyof C]: C[K] extends Call<infer A, infer R> ? (...args: A) => Promise<R> : never }
  : never;

/** `at` as Octokit's parameters. */
export function repoOf(at: Target): { owner: string; repo: string } {
  return { owner: at.org, repo: at.repo };
}

/** `at` with its number, under both names that GitHub's routes use. */
export function issueOf(at: Target): { owner: string; repo: string; issue_number: number } {
  return { ...repoOf(at), issue_number: numberOf(at) };
}

export function pullOf(at: Target): { owner: string; repo: string; pull_number: number } {
  return { ...repoOf(at), pull_number: numberOf(at) };
}

function numberOf(at: Target): number {
  if (at.number === undefined)
    throw new CutwaterError('invalid', `${at.org}/${at.repo}: this call needs an issue or pull request`);
  return at.number;
}

/** `undefined` where GitHub answered 404; every other failure goes on. */
export async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** The HTTP status of an Octokit or Cutwater error, where it has one. */
export function statusOf(error: unknown): number | undefined {
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === 'number' ? status : undefined;
}
