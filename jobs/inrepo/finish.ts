import type { Config } from '../../core/config/config.ts';
import { CutwaterError } from '../../core/errors.ts';
import { createFinisher } from '../config/finish.ts';
import { podNamespace, prowjobDefaults } from '../config/general.ts';
import type { JobBase, Postsubmit, Presubmit } from '../config/job.ts';
import { jobs } from '../config/jobs.ts';
import { plank } from '../config/plank.ts';
import { validatePostsubmits, validatePresubmits } from '../config/validate.ts';
import { inRepoAllowsCluster, inRepoConfig } from './config.ts';
import type { ProwYaml } from './parse.ts';

/** A repository's own jobs, with every default filled in. */
export interface OwnJobs {
  presubmits: readonly Presubmit[];
  postsubmits: readonly Postsubmit[];
}

const SHOWN = 10;

/** Fills defaults in and checks the jobs together with the operator's (Prow: DefaultAndValidateProwYAML). Throws `user`. */
export function finishProwYaml(config: Pick<Config, 'get'>, yaml: ProwYaml, org: string, repo: string): OwnJobs {
  const name = `${org}/${repo}`;
  const operators = config.get(jobs);
  const rules = { plank: config.get(plank), podNamespace: config.get(podNamespace) };
  const finisher = createFinisher({
    ...rules,
    presets: [...operators.presets, ...yaml.presets],
    defaultEntries: config.get(prowjobDefaults),
    decorateAll: operators.decorateAll,
  });
  const presubmits = yaml.presubmits.map(({ job, file }) => finisher.presubmit(job, name, file));
  const postsubmits = yaml.postsubmits.map(({ job, file }) => finisher.postsubmit(job, name, file));
  const problems: string[] = [];
  const refuse = ({ sourcePath }: JobBase, message: string) => problems.push(`${sourcePath}: ${message}`);
  // The App's signature would go there.
  for (const { job, file } of [...yaml.presubmits, ...yaml.postsubmits])
    if (job.decoration_config?.github_api_endpoints?.length)
      problems.push(`${file}: job ${job.name}: decoration_config.github_api_endpoints is for the operator to say`);
  validatePresubmits([...presubmits, ...(operators.presubmits.get(name) ?? [])], rules, refuse);
  validatePostsubmits([...postsubmits, ...(operators.postsubmits.get(name) ?? [])], rules, refuse);
  for (const job of [...presubmits, ...postsubmits])
    if (!inRepoAllowsCluster(config.get(inRepoConfig), name, job.cluster))
      refuse(job, `cluster "${job.cluster}" is not allowed for repository "${name}"`);
  if (problems.length > 0) throw new CutwaterError('user', listed(problems));
  return { presubmits, postsubmits };
}

function listed(problems: readonly string[]): string {
  const more = problems.length - SHOWN;
  return [...problems.slice(0, SHOWN), ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}
