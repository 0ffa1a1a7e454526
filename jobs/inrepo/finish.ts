import type { Config } from '../../core/config/config.ts';
import { CutwaterError } from '../../core/errors.ts';
import type { DecorationConfig } from '../api/decoration.ts';
import { fromRepositoryNote } from '../api/from-repository.ts';
import { createFinisher } from '../config/finish.ts';
import { podNamespace, prowjobDefaults } from '../config/general.ts';
import type { JobBase, Postsubmit, Presubmit } from '../config/job.ts';
import { jobs } from '../config/jobs.ts';
import { plank } from '../config/plank.ts';
import { validatePostsubmits, validatePresubmits } from '../config/validate.ts';
import { inRepoAllowsCluster, inRepoConfig } from './config.ts';
import type { ProwYaml } from './parse.ts';
import { secretsNamed } from './secrets.ts';

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
  for (const { job, file } of [...yaml.presubmits, ...yaml.postsubmits])
    for (const field of operatorsFields(job.decoration_config))
      problems.push(`${file}: job ${job.name}: decoration_config.${field} is for the operator to say`);
  validatePresubmits([...presubmits, ...(operators.presubmits.get(name) ?? [])], rules, refuse);
  validatePostsubmits([...postsubmits, ...(operators.postsubmits.get(name) ?? [])], rules, refuse);
  for (const job of [...presubmits, ...postsubmits])
    if (!inRepoAllowsCluster(config.get(inRepoConfig), name, job.cluster))
      refuse(job, `cluster "${job.cluster}" is not allowed for repository "${name}"`);
  if (problems.length > 0) throw new CutwaterError('user', listed(problems));
  const orgs = tokenOrgs(org, [...(operators.presubmits.get(name) ?? []), ...(operators.postsubmits.get(name) ?? [])]);
  const noted = <J extends JobBase>(job: J, raw: Partial<JobBase> | undefined): J => {
    const secrets = secretsNamed(job.spec, raw?.decoration_config);
    return { ...job, annotations: { ...job.annotations, ...fromRepositoryNote({ secrets, token_orgs: orgs }) } };
  };
  return {
    presubmits: presubmits.map((job, index) => noted(job, yaml.presubmits[index]?.job)),
    postsubmits: postsubmits.map((job, index) => noted(job, yaml.postsubmits[index]?.job)),
  };
}

/** What a repository may not say: the App's signature would go there, or this program write to a folder of its own machine. */
function operatorsFields({ github_api_endpoints, gcs_configuration }: DecorationConfig = {}): string[] {
  const { bucket = '', local_output_dir } = gcs_configuration ?? {};
  return [
    ...(github_api_endpoints?.length ? ['github_api_endpoints'] : []),
    ...(/^(?:\/|file:)/i.test(bucket) ? ['gcs_configuration.bucket (a folder)'] : []),
    ...(local_output_dir ? ['gcs_configuration.local_output_dir'] : []),
  ];
}

/** Whose code the operator's token may fetch for the repository's own jobs: its own organization's, and that of whom the operator's jobs for it clone. */
function tokenOrgs(org: string, operators: readonly JobBase[]): string[] {
  const others = operators.flatMap(({ extra_refs = [] }) => extra_refs.map((refs) => refs.org));
  return [...new Set([org, ...others])];
}

function listed(problems: readonly string[]): string {
  const more = problems.length - SHOWN;
  return [...problems.slice(0, SHOWN), ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}
