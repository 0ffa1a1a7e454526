/** What decides whether a presubmit's context must be green; every presubmit fits. */
export interface ContextSource {
  context: string;
  optional?: boolean | undefined;
  skip_report?: boolean | undefined;
  always_run?: boolean | undefined;
  run_if_changed?: string | undefined;
  skip_if_only_changed?: string | undefined;
}

/** Contexts that must be there, that must be green where they are there, and that need not be either; in order of the jobs. */
export interface Requirements {
  required: string[];
  requiredIfPresent: string[];
  optional: string[];
}

/** Sorts the contexts of a branch's presubmits (Prow: BranchRequirements). `manual`: those that only a comment starts are required as well. */
export function requirementsOf(presubmits: readonly ContextSource[], manual: boolean): Requirements {
  const requirements: Requirements = { required: [], requiredIfPresent: [], optional: [] };
  for (const presubmit of presubmits) requirements[demandOf(presubmit, manual)].push(presubmit.context);
  return requirements;
}

function demandOf(job: ContextSource, manual: boolean): keyof Requirements {
  if (job.optional || job.skip_report) return 'optional';
  // What only some changes start may be missing for good reason.
  if (job.run_if_changed || job.skip_if_only_changed) return 'requiredIfPresent';
  return job.always_run || manual ? 'required' : 'requiredIfPresent';
}
