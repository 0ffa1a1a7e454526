import { readFileSync } from 'node:fs';
import type { Config } from '../../core/config/config.ts';
import { CutwaterError, messageOf } from '../../core/errors.ts';
import { choiceFlag, describeFlags, type FlagValues, parseFlags, stringFlag } from '../../core/flags.ts';
import { readJobComment, wishOf } from '../../jobs/api/comment.ts';
import type { Decision } from '../../jobs/api/jobs-port.ts';
import type { Presubmit } from '../../jobs/config/job.ts';
import { jobs } from '../../jobs/config/jobs.ts';
import { selectPostsubmits } from '../../jobs/select/postsubmits.ts';
import { selectPresubmits } from '../../jobs/select/presubmits.ts';
import { configFlags, githubFlags } from '../start/flags.ts';
import { loadFromFlags } from './load.ts';
import { table, write, writeLines } from './output.ts';
import { jobsOfPull, pullTarget } from './pull-jobs.ts';

const FLAGS = {
  ...configFlags,
  ...githubFlags,
  pr: stringFlag(
    "a pull request: its branch, files, statuses and its repository's own jobs are asked of GitHub",
    'ORG/REPO#N',
  ),
  queries: stringFlag(
    'a file with one question a line: repo, branch, files, comment, failed_contexts, all_contexts',
    'FILE',
  ),
  repo: stringFlag('the repository asked about', 'ORG/REPO'),
  'base-ref': stringFlag('the branch asked about', 'REF'),
  files: stringFlag('the changed files, with commas between them', 'FILE,…'),
  comment: stringFlag('what somebody says (/test all)', 'TEXT'),
  format: choiceFlag('a table for people, or a record a line for programs', ['table', 'jsonl'], 'table'),
};

/** One question: what would run? */
export interface Query {
  repo: string;
  branch: string;
  files?: string[] | null;
  comment: string;
  failed_contexts?: string[] | null;
  all_contexts?: string[] | null;
}

/** `cutwater which-jobs`: what runs on a branch for changed files and a comment, and why. */
export async function run(argv: string[]): Promise<number> {
  if (argv.includes('--help')) return help();
  const { values } = parseFlags(FLAGS, argv);
  const config = loadFromFlags(values);
  if (values.queries !== undefined) {
    const queries = readQueries(values.queries);
    await writeLines(queries.map((query) => ({ ...query, run: namesOf(decide(config, query)) })));
    return 0;
  }
  if (values.pr !== undefined) return ofPull(config, values.pr, values);
  const query = queryOf(values);
  const decisions = decide(config, query);
  if (values.format === 'jsonl') await writeLines(decisions.map(recordOf));
  else await write(describe(config, query, decisions));
  return 0;
}

/** What a comment on a pull request would start, or, without one, what a new commit would. */
async function ofPull(config: Config, pr: string, flags: FlagValues<typeof FLAGS>): Promise<number> {
  const { comment = '/test all' } = flags;
  const wish = wishOf(comment, readJobComment(comment), true);
  const { repo, presubmits, inRepoProblem, facts } = await jobsOfPull(config, flags, pullTarget(pr), wish);
  const decisions = selectPresubmits(presubmits, wish, facts);
  if (inRepoProblem !== undefined) process.stderr.write(`${repo}'s own jobs are left out: ${inRepoProblem}\n`);
  if (flags.format === 'jsonl') await writeLines(decisions.map(recordOf));
  else if (decisions.length === 0) await write(`${repo} has no presubmits\n`);
  else await write(table([HEADER, ...decisions.map((decision) => rowOf('presubmit', decision))]));
  return 0;
}

function recordOf({ job, ...rest }: Decision<Presubmit>) {
  return { job: job.name, ...rest };
}

const HEADER = ['TYPE', 'JOB', 'RUNS', 'WHY'];

function rowOf(type: string, { job, runs, reason }: Decision<{ name: string }>): string[] {
  return [type, job.name, runs ? 'runs' : '-', reason];
}

async function help(): Promise<number> {
  await write(
    `usage: cutwater which-jobs --config-path=FILE (--pr=ORG/REPO#N | --repo=ORG/REPO --base-ref=REF) [FLAGS]\n\n${describeFlags(FLAGS)}\n`,
  );
  return 0;
}

function queryOf(values: {
  repo: string | undefined;
  'base-ref': string | undefined;
  files: string | undefined;
  comment: string | undefined;
}): Query {
  const { repo, 'base-ref': branch, files = '', comment = '/test all' } = values;
  if (!repo || !branch) throw new CutwaterError('usage', '--pr, or --repo and --base-ref, are needed');
  return { repo, branch, files: files.split(',').filter(Boolean), comment };
}

/** Every presubmit of the repository, and whether it would run. */
export function decide(
  config: Config,
  { repo, branch, files, comment, failed_contexts, all_contexts }: Query,
): Decision<Presubmit>[] {
  const presubmits = config.get(jobs).presubmits.get(repo) ?? [];
  return selectPresubmits(presubmits, wishOf(comment, readJobComment(comment), true), {
    branch,
    files: files ?? [],
    contexts: { all: new Set(all_contexts), failed: new Set(failed_contexts) },
  });
}

export function namesOf(decisions: readonly Decision<Presubmit>[]): string[] {
  return decisions.filter(({ runs }) => runs).map(({ job }) => job.name);
}

function describe(config: Config, { repo, branch, files }: Query, decisions: readonly Decision<Presubmit>[]): string {
  const postsubmits = selectPostsubmits(config.get(jobs).postsubmits.get(repo) ?? [], branch, files ?? []);
  const rows = [
    ...decisions.map((decision) => rowOf('presubmit', decision)),
    ...postsubmits.map((decision) => rowOf('postsubmit', decision)),
  ];
  if (rows.length === 0) return `${repo} has no jobs\n`;
  return table([HEADER, ...rows]);
}

/** One question a line. Throws `config` with the line. */
export function readQueries(file: string): Query[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index) => (line.trim() ? [parseQuery(line, `${file}:${index + 1}`)] : []));
}

function parseQuery(line: string, place: string): Query {
  try {
    const query = JSON.parse(line) as Query;
    if (typeof query.repo === 'string' && typeof query.branch === 'string' && typeof query.comment === 'string')
      return query;
  } catch (error) {
    throw new CutwaterError('config', `${place}: ${messageOf(error)}`);
  }
  throw new CutwaterError('config', `${place}: repo, branch and comment are needed`);
}
