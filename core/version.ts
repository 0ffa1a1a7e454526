/** What an image was built as, `v20260102-abcdef0` as Prow's are; the variable is set by deploy/Dockerfile's VERSION. */
export function builtAs(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return env.CUTWATER_VERSION || undefined;
}

/** The day in such a version, in seconds; -1 where it names none (Prow: pkg/version/metrics.go). */
export function versionTimestamp(version = ''): number {
  const [, year, month, day] = /^v(\d{4})(\d{2})(\d{2})-/.exec(version) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T00:00:00Z`);
  return Number.isNaN(time) ? -1 : time / 1000;
}
