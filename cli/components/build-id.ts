import { snowflakes } from '../../jobs/buildid/snowflake.ts';
import { vend } from '../../jobs/buildid/tot.ts';

/** Fresh build ids: from a tot server where one is named (`--tot-url`), our own otherwise. */
export function buildIds(totUrl: string | undefined): (job: string) => Promise<string> {
  if (totUrl) return (job) => vend(totUrl, job);
  const next = snowflakes();
  return async () => next();
}
