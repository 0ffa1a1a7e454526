import type { Config } from '../../../core/config/config.ts';
import { compilePattern } from '../../../core/config/pattern.ts';
import { gerrit } from '../../../core/config/sections/gerrit.ts';
import type { Presubmit } from '../../../jobs/config/job.ts';
import type { Finding } from './check.ts';

/** Presubmits that Gerrit's comments could not start, because gerrit.allowed_presubmit_trigger_re leaves their command out. */
export function triggerFindings(config: Config, presubmits: Iterable<Presubmit>): Finding[] {
  const source = config.get(gerrit).allowed_presubmit_trigger_re;
  if (source === '') return [];
  const allowed = compilePattern(source);
  return [...presubmits]
    .filter(({ rerun_command }) => !allowed.test(rerun_command))
    .map((job) => ({
      message: `rerun command ${job.rerun_command} in job ${job.name} does not conform to test command requirements, please make sure the trigger regex is a subset of ${source} and the rerun command matches the trigger regex`,
      job,
    }));
}
