import type { Env } from '../runtime.ts';

/** `env` with further git configuration, after any that the environment holds already. Nothing of it is written to a file. */
export function withGitConfig(env: Env, entries: [key: string, value: string][]): Env {
  const first = Number(env.GIT_CONFIG_COUNT ?? 0) || 0;
  const added = entries.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${first + index}`, key],
    [`GIT_CONFIG_VALUE_${first + index}`, value],
  ]);
  return { ...env, ...Object.fromEntries(added), GIT_CONFIG_COUNT: String(first + entries.length) };
}

/**
 * The environment every git command runs in: it never asks a terminal, and neither the time zone nor the person's signing
 * settings of this machine change the hash of a merge.
 */
export function gitEnvironment(env: Env): Env {
  return withGitConfig({ ...env, GIT_TERMINAL_PROMPT: '0', TZ: 'UTC' }, [
    ['commit.gpgsign', 'false'],
    ['init.defaultBranch', 'master'],
  ]);
}
