import path from 'node:path';
import type { Config } from '../../../core/config/config.ts';
import { ConfigError, describeProblem } from '../../../core/config/errors.ts';
import { CutwaterError } from '../../../core/errors.ts';
import {
  boolFlag,
  choiceFlag,
  describeFlags,
  type FlagValues,
  listFlag,
  parseFlags,
  stringFlag,
} from '../../../core/flags.ts';
import { enabledPlugins } from '../../../core/plugin/enablement.ts';
import { jobs } from '../../../jobs/config/jobs.ts';
import { configFlags, githubFlags } from '../../start/flags.ts';
import { loadFromFlags } from '../load.ts';
import { write, writeLines } from '../output.ts';
import type { Checked, Finding } from './check.ts';
import { chooseChecks } from './checks.ts';
import { unknownPlugins } from './plugins.ts';
import { checkProwYaml } from './prow-yaml.ts';
import { openRemote } from './remote.ts';
import { triggerFindings } from './triggers.ts';
import { Positions } from './where.ts';

const FLAGS = {
  ...configFlags,
  ...githubFlags,
  warnings: listFlag('a warning to look for; may be repeated (the default ones)', 'NAME'),
  'exclude-warning': listFlag('a warning not to look for; may be repeated', 'NAME'),
  'include-default-warnings': boolFlag('look for the default warnings beside those of --warnings'),
  'expensive-checks': boolFlag('look for what takes many requests, too'),
  strict: boolFlag('warnings are errors'),
  'required-job-annotations': listFlag('an annotation that every job needs; may be repeated', 'NAME'),
  'prow-yaml-repo-name': stringFlag('the repository whose .prow.yaml is checked', 'ORG/REPO'),
  'prow-yaml-path': stringFlag('where that file is, if not in the current folder', 'FILE'),
  'gcs-credentials-file': stringFlag('credentials for gs://', 'FILE'),
  's3-credentials-file': stringFlag('credentials for s3://', 'FILE'),
  format: choiceFlag('lines for people, or a record a line for programs', ['text', 'jsonl'], 'text'),
};
type Flags = FlagValues<typeof FLAGS>;

/** A warning by its name; the empty name is that of what no flag turns off. */
interface Named extends Finding {
  name: string;
}

/** `cutwater checkconfig`: whether the configuration can be used (exit code 1 if not), and what is odd about it (Prow: cmd/checkconfig). */
export async function run(argv: string[]): Promise<number> {
  if (argv.includes('--help')) {
    await write(`usage: cutwater checkconfig --config-path=FILE [FLAGS]\n\n${describeFlags(FLAGS)}\n`);
    return 0;
  }
  const { values } = parseFlags(FLAGS, argv);
  if (values['prow-yaml-path'] !== undefined && !values['prow-yaml-repo-name'])
    throw new CutwaterError('usage', '--prow-yaml-path requires --prow-yaml-repo-name to be set');
  try {
    return await check(values);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // All of them: whoever runs this is here to mend them.
    process.stderr.write(`${error.problems.map(describeProblem).join('\n')}\n`);
    return 1;
  }
}

async function check(flags: Flags): Promise<number> {
  const wanted = chooseChecks({
    warnings: flags.warnings,
    excluded: flags['exclude-warning'],
    includeDefaults: flags['include-default-warnings'],
    expensive: flags['expensive-checks'],
    app: flags['github-app-id'] !== undefined && flags['github-app-private-key-path'] !== undefined,
  });
  // Unknown keys are a warning here, whatever --strict makes of warnings.
  const config = loadFromFlags({ ...flags, strict: false });
  const remote = openRemote(flags);
  try {
    const checked = checkedOf(
      config,
      flags,
      remote,
      wanted.some(({ name }) => name === 'unknown-fields-all'),
    );
    refuseUnknownPlugins(checked);
    const found: Named[] = ownJobs(config, flags);
    for (const { name, run: find } of wanted.filter(({ plugins }) => !plugins || checked.files.pluginConfig))
      found.push(...(await find(checked)).map((finding) => ({ ...finding, name })));
    found.push(...triggerFindings(config, [...config.get(jobs).presubmits.values()].flat()).map(unnamed));
    await report(found, flags.format);
    return flags.strict && found.length > 0 ? 1 : 0;
  } finally {
    await remote.close();
  }
}

function unnamed(finding: Finding): Named {
  return { ...finding, name: '' };
}

function checkedOf(config: Config, flags: Flags, remote: Checked['remote'], everyFile: boolean): Checked {
  const ofOneFile = Object.keys(config.get(enabledPlugins)).length > 0 ? flags['config-path'] : undefined;
  return {
    config,
    files: {
      configPath: flags['config-path'] ?? '',
      pluginConfig: flags['plugin-config'] ?? ofOneFile,
      supplementalConfig: {
        roots: flags['supplemental-prow-config-dir'],
        suffix: flags['supplemental-prow-configs-filename-suffix'] ?? '_prowconfig.yaml',
      },
      supplementalPlugins: {
        roots: flags['supplemental-plugin-config-dir'],
        suffix: flags['supplemental-plugin-configs-filename-suffix'] ?? '_pluginconfig.yaml',
      },
    },
    requiredAnnotations: flags['required-job-annotations'],
    everyFile,
    remote,
  };
}

function refuseUnknownPlugins(checked: Checked): void {
  const problems = unknownPlugins(checked).map(({ message, at }) => ({ ...at, message }));
  if (problems.length > 0) throw new ConfigError(problems);
}

function ownJobs(config: Config, flags: Flags): Named[] {
  const repo = flags['prow-yaml-repo-name'];
  if (!repo) return [];
  const file = flags['prow-yaml-path'];
  const { presubmits } = checkProwYaml(config, file === undefined ? process.cwd() : path.dirname(file), repo);
  return triggerFindings(config, presubmits).map(unnamed);
}

async function report(found: readonly Named[], format: 'text' | 'jsonl'): Promise<void> {
  const positions = new Positions();
  if (format === 'jsonl') {
    await writeLines(
      found.map(({ name, message, job, ...finding }) => ({
        warning: name,
        message,
        ...(job && { job: job.name }),
        where: positions.describe({ ...finding, job, message: '' }).replace(/:? ?$/, ''),
      })),
    );
    return;
  }
  if (found.length === 0) return write('checkconfig passes without any error!\n');
  const lines = found.map(({ name, ...finding }) => `${positions.describe(finding)}${name && ` [${name}]`}\n`);
  await write(`${lines.join('')}${found.length === 1 ? '1 warning' : `${found.length} warnings`}\n`);
}
