import type { Bound, Call, GitHubClient, Port, Target } from './port.ts';

/** A port's calls bound to `at` without the dispatcher's journal: for components, whose work belongs to no event. */
export function direct<P extends Port>(port: P, gh: GitHubClient, at: Target): Bound<P> {
  const calls = Object.entries(port.calls as unknown as Record<string, Call<unknown[], unknown>>);
  return Object.fromEntries(
    calls.map(([name, call]) => [name, (...args: unknown[]) => call.run(gh, at, ...args)]),
  ) as Bound<P>;
}
