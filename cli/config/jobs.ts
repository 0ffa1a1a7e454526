import type { Config } from '../../core/config/config.ts';
import { CutwaterError, messageOf } from '../../core/errors.ts';
import { choiceFlag, describeFlags, parseFlags, stringFlag } from '../../core/flags.ts';
import { CREATED_BY_PROW } from '../../jobs/api/labels.ts';
import type { ProwJob, ProwJobSpec } from '../../jobs/api/prowjob.ts';
import { parseCron } from '../../jobs/config/cron.ts';
import type { JobBase, Jobs } from '../../jobs/config/job.ts';
import { jobs } from '../../jobs/config/jobs.ts';
import { type Plank, plank } from '../../jobs/config/plank.ts';
import { podOf } from '../../jobs/spec/pod.ts';
import { newProwJob } from '../../jobs/spec/prowjob.ts';
import { periodicSpec, postsubmitSpec, presubmitSpec } from '../../jobs/spec/spec.ts';
import { jobUrl } from '../../jobs/spec/url.ts';
import { configFlags } from '../start/flags.ts';
import { loadFromFlags } from './load.ts';
import { table, write, writeLines } from './output.ts';
import { baseRefs, pullRefs, REFS_FLAGS, type RefsFlags } from './refs.ts';

const FLAGS = {
  ...configFlags,
  ...REFS_FLAGS,
  name: stringFlag('the ProwJobs’ name', 'NAME'),
  'build-id': stringFlag('their build id', 'ID'),
  after: stringFlag('the time after which periodics’ next runs are counted', 'RFC3339'),
  format: choiceFlag('a table for people, or a record a line for programs', ['table', 'jsonl'], 'table'),
};

const NEXT_RUNS = 5;
const NEVER = '0001-01-01T00:00:00Z';

/** `cutwater jobs`: every job with its ProwJob, its pod, its URL and its next runs. */
export async function run(argv: string[]): Promise<number> {
  if (argv.includes('--help')) return help();
  const { values } = parseFlags(FLAGS, argv);
  const config = loadFromFlags(values);
  const wanted: Wanted = {
    refs: values,
    name: values.name ?? 'example',
    buildId: values['build-id'] ?? '0',
    after: timeOf(values.after),
  };
  if (values.format === 'jsonl') await writeLines(jobRecords(config, wanted));
  else await write(table([['TYPE', 'REPOSITORY', 'JOB', 'CLUSTER'], ...rows(config.get(jobs))]));
  return 0;
}

async function help(): Promise<number> {
  await write(`usage: cutwater jobs --config-path=FILE [FLAGS]\n\n${describeFlags(FLAGS)}\n`);
  return 0;
}

function timeOf(text: string | undefined): Date {
  const time = text === undefined ? new Date() : new Date(text);
  if (Number.isNaN(time.getTime())) throw new CutwaterError('usage', `--after: ${JSON.stringify(text)} is no time`);
  return time;
}

interface Wanted {
  refs: RefsFlags;
  name: string;
  buildId: string;
  after: Date;
}

/** A job with the spec of one run. */
interface Listed {
  type: 'presubmit' | 'postsubmit' | 'periodic';
  repo?: string;
  job: JobBase & { cron?: string };
  spec: ProwJobSpec;
}

/** Every job, in the order of `jobRecords`. */
export function* listed({ presubmits, postsubmits, periodics }: Jobs, refs: RefsFlags): Iterable<Listed> {
  for (const [repo, list] of presubmits)
    for (const job of list) yield { type: 'presubmit', repo, job, spec: presubmitSpec(job, pullRefs(repo, refs)) };
  for (const [repo, list] of postsubmits)
    for (const job of list) yield { type: 'postsubmit', repo, job, spec: postsubmitSpec(job, baseRefs(repo, refs)) };
  for (const job of periodics) yield { type: 'periodic', job, spec: periodicSpec(job) };
}

/** What programs are told of every job. */
export function* jobRecords(config: Config, wanted: Wanted): Iterable<JobRecord> {
  const seen = new Map<string, number>();
  for (const { type, repo, job, spec } of listed(config.get(jobs), wanted.refs)) {
    const key = `${type} ${repo} ${job.name}`;
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    const { labels, annotations } = job;
    const created = newProwJob(spec, { name: wanted.name, labels, annotations, now: wanted.after.toISOString() });
    const { status, ...resource } = created;
    yield {
      type,
      ...(repo !== undefined && { repo }),
      name: job.name,
      nth,
      prowjob: resource,
      ...outcome(config.get(plank), { ...created, status: { ...status, build_id: wanted.buildId } }),
      ...(job.cron && { next: nextRuns(job.cron, wanted.after) }),
    };
  }
}

interface JobRecord {
  type: Listed['type'];
  repo?: string;
  name: string;
  /** Which of those of its name in its repository. */
  nth: number;
  prowjob: object;
}

/** What a run would become, or why it cannot. */
function outcome(config: Plank, job: ProwJob): object {
  const url = jobUrl(config, job);
  if (!job.spec.pod_spec) return { url };
  try {
    const { metadata, ...pod } = podOf(job);
    const { [CREATED_BY_PROW]: _, ...labels } = metadata.labels ?? {};
    return { pod: { ...pod, metadata: { ...metadata, labels } }, url };
  } catch (error) {
    return { url, error: messageOf(error) };
  }
}

/** A schedule that never comes (31 February) shows Go's zero time, as in Prow. */
function nextRuns(cron: string, after: Date): string[] {
  const schedule = parseCron(cron);
  let time: Date | undefined = after;
  return Array.from({ length: NEXT_RUNS }, () => {
    time = time && schedule.next(time);
    return time ? `${time.toISOString().slice(0, 19)}Z` : NEVER;
  });
}

function* rows({ presubmits, postsubmits, periodics }: Jobs): Iterable<string[]> {
  for (const [repo, list] of presubmits) for (const { name, cluster } of list) yield ['presubmit', repo, name, cluster];
  for (const [repo, list] of postsubmits)
    for (const { name, cluster } of list) yield ['postsubmit', repo, name, cluster];
  for (const { name, cluster } of periodics) yield ['periodic', '', name, cluster];
}
