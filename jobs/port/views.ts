import { CutwaterError } from '../../core/errors.ts';
import type { Decision, Postsubmits, PostsubmitView, Presubmits, PresubmitView, PullFacts } from '../api/jobs-port.ts';
import { runsOnBranch } from '../config/branches.ts';
import type { Postsubmit, Presubmit } from '../config/job.ts';
import { availablePresubmits } from '../select/available.ts';
import { selectPostsubmits } from '../select/postsubmits.ts';
import { isManual, isRequired, needsFiles, selectPresubmits, triggerMatches } from '../select/presubmits.ts';
import { startedWithoutSlash } from './anchored.ts';
import type { Configured } from './configured.ts';

/** Configured presubmits as plugins see them. */
export function presubmitsView({ jobs, inRepoProblem }: Configured<Presubmit>): Presubmits {
  const views = new Map(jobs.map((job) => [job, viewOf(job)]));
  const originals = new Map([...views].map(([job, view]) => [view, job]));
  return {
    jobs: [...views.values()],
    ...(inRepoProblem !== undefined && { inRepoProblem }),
    triggeredBy(text) {
      const candidates = /^\//m.test(text) ? jobs : startedWithoutSlash(jobs);
      return candidates.some((job) => triggerMatches(job, text));
    },
    couldRun(view, branch) {
      const job = originals.get(view);
      if (!job) throw new CutwaterError('invalid', `${view.name} is not one of these presubmits`);
      return runsOnBranch(job, branch);
    },
    async select(wish, facts) {
      const contexts = wish.retest || wish.retestRequired ? await facts.contexts() : undefined;
      const known = { branch: facts.branch, contexts };
      const files = needsFiles(jobs, wish, known) ? await facts.files() : [];
      return viewed(selectPresubmits(jobs, wish, { ...known, files }), views);
    },
    async available({ branch, files }: PullFacts) {
      const needed = needsFiles(jobs, { automatic: true }, { branch });
      return availablePresubmits(jobs, { branch, files: needed ? await files() : [] });
    },
  };
}

function viewOf(job: Presubmit): PresubmitView {
  return {
    name: job.name,
    context: job.context,
    optional: job.optional ?? false,
    required: isRequired(job),
    manual: isManual(job),
    rerunCommand: job.rerun_command,
  };
}

/** Configured postsubmits as plugins see them. */
export function postsubmitsView({ jobs, inRepoProblem }: Configured<Postsubmit>): Postsubmits {
  const views = new Map(
    jobs.map((job): [Postsubmit, PostsubmitView] => [job, { name: job.name, context: job.context }]),
  );
  return {
    jobs: [...views.values()],
    ...(inRepoProblem !== undefined && { inRepoProblem }),
    select: (branch, files) => viewed(selectPostsubmits(jobs, branch, files), views),
  };
}

function viewed<J, V>(decisions: readonly Decision<J>[], views: ReadonlyMap<J, V>): Decision<V>[] {
  return decisions.flatMap(({ job, runs, reason }) => {
    const view = views.get(job);
    return view === undefined ? [] : [{ job: view, runs, reason }];
  });
}
