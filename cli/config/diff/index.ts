import { statSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../../../core/config/config.ts';
import { CutwaterError } from '../../../core/errors.ts';
import { choiceFlag, describeFlags, type FlagValues, parseFlags, stringFlag } from '../../../core/flags.ts';
import { configFlags } from '../../start/flags.ts';
import { loadFromFlags } from '../load.ts';
import { write, writeLines } from '../output.ts';
import { readQueries } from '../which-jobs.ts';
import { type Change, changesBetween } from './changes.ts';

const FLAGS = {
  ...configFlags,
  queries: stringFlag('questions as for which-jobs, one a line: those whose answer changes are told', 'FILE'),
  format: choiceFlag('text for people, or a record a line for programs', ['text', 'jsonl'], 'text'),
};

const USAGE = `usage: cutwater diff-config [FLAGS] OLD NEW

OLD and NEW are configuration files, or folders (two checkouts) in which the flags' paths stand.
`;

/** `cutwater diff-config`: which jobs, pods, policies and decisions a change of configuration changes. */
export async function run(argv: string[]): Promise<number> {
  if (argv.includes('--help')) {
    await write(`${USAGE}\n${describeFlags(FLAGS)}\n`);
    return 0;
  }
  const { values, rest } = parseFlags(FLAGS, argv);
  const [before, after, ...more] = rest;
  if (before === undefined || after === undefined || more.length > 0)
    throw new CutwaterError('usage', 'diff-config takes two configurations, after the flags: OLD NEW');
  const queries = values.queries === undefined ? [] : readQueries(values.queries);
  const changes = changesBetween(loadFrom(before, values), loadFrom(after, values), queries);
  if (values.format === 'jsonl') await writeLines(changes);
  else await write(changes.length === 0 ? 'nothing changes\n' : changes.map(describe).join(''));
  return 0;
}

function loadFrom(place: string, flags: FlagValues<typeof FLAGS>): Config {
  const found = statSync(place, { throwIfNoEntry: false });
  if (!found) throw new CutwaterError('usage', `there is no ${place}`);
  if (!found.isDirectory()) return loadFromFlags({ ...flags, 'config-path': place });
  const inside = (file: string) => path.resolve(place, file);
  const maybe = (file: string | undefined) => (file === undefined ? undefined : inside(file));
  return loadFromFlags({
    ...flags,
    'config-path': inside(flags['config-path'] ?? 'config.yaml'),
    'job-config-path': maybe(flags['job-config-path']),
    'plugin-config': maybe(flags['plugin-config']),
    'supplemental-prow-config-dir': flags['supplemental-prow-config-dir'].map(inside),
    'supplemental-plugin-config-dir': flags['supplemental-plugin-config-dir'].map(inside),
  });
}

const SIGNS = { added: '+', removed: '-', changed: '~' };

function describe(change: Change): string {
  const rows = change.differences.map(
    ({ path: where, old, new: now }) => `    ${where}: ${shown(old)} → ${shown(now)}\n`,
  );
  return `${SIGNS[change.change]} ${titleOf(change)}\n${rows.join('')}`;
}

function titleOf(change: Change): string {
  if (change.kind === 'policy') return `policy of ${change.repo} at ${change.branch}`;
  if (change.kind === 'job') return [change.type, change.repo, change.name].filter(Boolean).join(' ');
  const { repo, branch, comment, files } = change.query;
  return `${comment} on ${repo} at ${branch}, ${files?.length ?? 0} files changed`;
}

function shown(value: unknown): string {
  return value === undefined ? '(nothing)' : JSON.stringify(value);
}
