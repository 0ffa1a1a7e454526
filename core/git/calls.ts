import type { Remote } from './mirror.ts';
import { remoteConfig } from './remote-config.ts';
import { DamagedMirror, remoteFailure } from './remote-failure.ts';
import { type GitCall, type GitOutcome, runGit } from './run.ts';

export interface CallOptions {
  /** The bare repository. */
  dir: string;
  remote(to?: { org: string; repo: string }): Promise<Remote>;
  timeoutMs: number;
  signal: AbortSignal;
}

type Input = Pick<GitCall, 'input' | 'maxBytes' | 'env'>;

/** The ways in which git is called on a mirror. */
export interface GitCalls {
  /** With the remote at hand, from which git also takes contents that it turns out to need. */
  remotely(args: readonly string[], more?: Input): Promise<GitOutcome>;
  /** Without a remote: what is not here is missing, and is not asked for. */
  local(args: readonly string[], more?: Input): Promise<GitOutcome>;
  /** The same; what fails is an error. */
  good(args: readonly string[], more?: Input): Promise<GitOutcome>;
  push(args: readonly string[], to: { org: string; repo: string } | undefined): Promise<GitOutcome>;
}

export function gitCalls({ dir, remote, timeoutMs, signal }: CallOptions): GitCalls {
  const call = (args: readonly string[], more: Omit<Partial<GitCall>, 'args'> = {}) =>
    runGit({ gitDir: dir, args, timeoutMs, signal, ...more });
  return {
    local: call,
    remotely: async (args, more) => call(args, { config: remoteConfig({ origin: await remote() }), ...more }),
    async good(args, more) {
      const outcome = await call(args, more);
      if (outcome.code !== 0) throw localFailure(args[0] ?? '', outcome);
      return outcome;
    },
    push: async (args, to) =>
      call(['push', ...args], { config: remoteConfig({ origin: await remote(), target: await remote(to) }) }),
  };
}

/** What git wrote to standard output. */
export function text({ stdout }: GitOutcome): string {
  return stdout.toString('utf8');
}

/** A failure of a call on the mirror itself: it is damaged, unless git wanted something from the remote. */
export function localFailure(what: string, { stderr }: GitOutcome): Error {
  if (/could not fetch|unable to access|promisor remote/i.test(stderr)) return remoteFailure(what, stderr);
  return new DamagedMirror(`git ${what}: ${stderr.trim()}`);
}
