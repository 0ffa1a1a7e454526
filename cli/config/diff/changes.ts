import type { Config } from '../../../core/config/config.ts';
import { jobs } from '../../../jobs/config/jobs.ts';
import { jobRecords, listed } from '../jobs.ts';
import { policies } from '../policies.ts';
import { decide, namesOf, type Query } from '../which-jobs.ts';
import { type Difference, differences } from './difference.ts';

/** What one job, or the policy of one branch, or the answer to one question, has become. */
export type Change =
  | (Changed & { kind: 'job'; type: string; repo?: string; name: string })
  | (Changed & { kind: 'policy'; repo: string; branch: string })
  | (Changed & { kind: 'decision'; query: Query });

interface Changed {
  change: 'added' | 'removed' | 'changed';
  differences: Difference[];
}

/** Keys of a job that say when it runs; what it does then is in its ProwJob and pod. */
const WHEN = [
  'always_run',
  'run_if_changed',
  'skip_if_only_changed',
  'branches',
  'skip_branches',
  'optional',
  'skip_report',
  'run_before_merge',
  'trigger',
  'cron',
  'interval',
  'minimum_interval',
] as const;

/** Everything that the two configurations mean differently. */
export function changesBetween(before: Config, after: Config, queries: readonly Query[]): Change[] {
  const [oldJobs, newJobs] = [jobsOf(before), jobsOf(after)];
  const [oldPolicies, newPolicies] = [policiesOf(before), policiesOf(after)];
  return [
    ...compare(oldJobs, newJobs).map(({ value, ...rest }) => ({ kind: 'job' as const, ...value.about, ...rest })),
    ...compare(oldPolicies, newPolicies).map(({ value, ...rest }) => ({
      kind: 'policy' as const,
      ...value.about,
      ...rest,
    })),
    ...queries.flatMap((query) => decisionOf(before, after, query)),
  ];
}

interface Item<A> {
  about: A;
  meaning: unknown;
}

function jobsOf(config: Config): Map<string, Item<{ type: string; repo?: string; name: string }>> {
  const none = {
    'base-ref': 'main',
    'base-sha': undefined,
    'pull-number': 1,
    'pull-sha': undefined,
    'pull-author': undefined,
    'pull-head-ref': undefined,
  };
  const declared = [...listed(config.get(jobs), none)];
  const wanted = { refs: none, name: 'example', buildId: '0', after: new Date(0) };
  return new Map(
    [...jobRecords(config, wanted)].map(({ type, repo, name, nth, ...meaning }, index) => {
      const about = { type, ...(repo !== undefined && { repo }), name };
      const job: Readonly<Record<string, unknown>> = { ...declared[index]?.job };
      const when = Object.fromEntries(WHEN.filter((key) => key in job).map((key) => [key, job[key]]));
      return [JSON.stringify([about, nth]), { about, meaning: { when, ...meaning } }];
    }),
  );
}

function policiesOf(config: Config): Map<string, Item<{ repo: string; branch: string }>> {
  return new Map(
    policies(config).map(({ repo, branch, ...meaning }) => [
      JSON.stringify([repo, branch]),
      { about: { repo, branch }, meaning },
    ]),
  );
}

function compare<A>(
  before: ReadonlyMap<string, Item<A>>,
  after: ReadonlyMap<string, Item<A>>,
): (Changed & { value: Item<A> })[] {
  const found: (Changed & { value: Item<A> })[] = [];
  for (const [key, value] of before) if (!after.has(key)) found.push({ change: 'removed', value, differences: [] });
  for (const [key, value] of after) {
    const old = before.get(key);
    const changes = old ? differences(old.meaning, value.meaning) : [];
    if (!old) found.push({ change: 'added', value, differences: [] });
    else if (changes.length > 0) found.push({ change: 'changed', value, differences: changes });
  }
  return found;
}

function decisionOf(before: Config, after: Config, query: Query): Change[] {
  const [old, now] = [before, after].map((config) => namesOf(decide(config, query)));
  const changes = differences({ run: old?.join(', ') }, { run: now?.join(', ') });
  return changes.length === 0 ? [] : [{ kind: 'decision', change: 'changed', query, differences: changes }];
}
