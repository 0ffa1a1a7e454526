import type { Flag } from '../../core/flags.ts';
import type { Logger } from '../../core/log.ts';

/** A flag that Prow's component of the same name takes and does not use either. */
function idle(value = 'VALUE'): Flag<string | undefined> {
  const help = "taken so that manifests written for Prow start this; nothing here uses it, and nothing does in Prow's";
  return { help, value, initial: undefined, read: (text) => text || undefined };
}

/** Of jobs that repositories declare, which this component has nothing to do with (Prow: pkg/flagutil/config/config.go). */
export const idleConfigFlags = {
  'in-repo-config-cache-size': idle(),
  'cache-dir-base': idle(),
  'moonraker-address': idle(),
};

/** Of GitHub, with which prow-controller-manager does not speak (Prow: pkg/flagutil/github.go). */
export const idleGitHubFlags = {
  'github-host': idle(),
  'github-endpoint': idle(),
  'github-graphql-endpoint': idle(),
  'github-token-path': idle(),
  'github-app-id': idle(),
  'github-app-private-key-path': idle(),
  'github-hourly-tokens': idle(),
  'github-allowed-burst': idle(),
  'github-throttle-org': idle(),
  'github-client.request-timeout': idle(),
  'github-client.max-retries': idle(),
  'github-client.max-404-retries': idle(),
  'github-client.backoff-timeout': idle(),
  'github-client.initial-delay': idle(),
  'git-signing-key-path': idle(),
};

/** Of reporters that crier has none of here, so that they are none in Prow's either without their workers; and of commits, of which crier makes none (Prow: cmd/crier). */
export const idleCrierFlags = {
  cookiefile: idle(),
  'gerrit-max-qps': idle(),
  'gerrit-max-burst': idle(),
  // A switch: it takes no word after it.
  'resultstore-artifacts-dir-only': idle(''),
  'git-signing-key-path': idle(),
};

/** Says which of the flags given have no effect. */
export function tellIdleFlags(flags: Readonly<Record<string, unknown>>, idleOnes: object, log: Logger): void {
  const given = Object.keys(idleOnes).filter((name) => flags[name] !== undefined);
  if (given.length > 0) log.info({ flags: given }, 'These flags have no effect here');
}
