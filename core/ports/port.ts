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
  /** Reads ("labels.history") whose answers this write makes stale; left out: all of its own port. */
  forgets?: readonly string[];
  /** What this write makes of the answers to reads ("labels.list") about the same place, so that nobody needs to ask again. */
  changes?: Readonly<Record<string, Change<A, R>>>;
  /** As `run`, for reads that are made of others. */
  through?(ask: Ask, gh: GitHubClient, at: Target, ...args: A): Promise<R>;
  find?(gh: GitHubClient, at: Target, since: Date, ...args: A): Promise<R | undefined>;
}

type Run<A extends unknown[], R> = Call<A, R>['run'];

/** Gives the answer as it is after the write, never the same object changed. It may hold the change already: it was asked for at about the same time. */
type Change<A extends unknown[], R> = {
  // As a method, so that calls of all kinds are calls.
  of(before: never, write: { answer: R; of: readonly unknown[] }, ...args: A): unknown;
}['of'];

/** A call by its port and name. */
export interface NamedCall<A extends unknown[] = never[], R = unknown> {
  port: Port;
  name: string;
  call: Call<A, R>;
}

/** Asks another port's read about the same repository, issue or pull request, if nobody has for this event. */
export type Ask = <A extends unknown[], R>(of: NamedCall<A, R>, ...args: A) => Promise<R>;

type Effects<A extends unknown[], R> = Pick<Call<A, R>, 'forgets' | 'changes'>;

export function read<A extends unknown[], R>(run: Run<A, R>): Call<A, R> {
  return { kind: 'read', run };
}

export function state<A extends unknown[], R>(run: Run<A, R>): Call<A, R> {
  return { kind: 'state', run };
}

/** A read that is made of others among the rest, whose answers it shares with whoever else asks for them. */
export function readThrough<A extends unknown[], R>(through: NonNullable<Call<A, R>['through']>): Call<A, R> {
  return {
    kind: 'read',
    run: (gh, at, ...args) => through(({ call }, ...its) => call.run(gh, at, ...its), gh, at, ...args),
    through,
  };
}

export function write<A extends unknown[], R>(run: Run<A, R>, effects: Effects<A, R> = {}): Call<A, R> {
  return { kind: 'write', run, ...effects };
}

export function once<A extends unknown[], R>(
  run: Run<A, R>,
  find: NonNullable<Call<A, R>['find']>,
  effects: Effects<A, R> = {},
): Call<A, R> {
  return { kind: 'once', run, find, ...effects };
}

/** GitHub App permissions, by GitHub's own names (app.yml: default_permissions). */
export type Permissions = Readonly<Record<string, 'read' | 'write'>>;

export interface Port<C extends Record<string, Call> = Record<string, Call>> {
  name: string;
  /** What the App must be allowed for this port to work; app.yml is checked against the sum over all plugins. */
  permissions: Permissions;
  calls: C;
  /** Its calls are about the repository, whichever number they are bound to. */
  ofRepo?: boolean;
}

/** Declares a capability: its name, the App permissions that it costs, its calls. */
// biome-ignore lint/suspicious/noExplicitAny: the arguments of a call are inferred, and any is the one type that all of them fit
export function port<C extends Record<string, Call<any, any>>>(
  name: string,
  permissions: Permissions,
  calls: C,
  more: { ofRepo?: boolean } = {},
) {
  return { name, permissions, calls, ...more };
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
