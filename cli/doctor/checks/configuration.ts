import { messageOf } from '../../../core/errors.ts';
import { enabledPlugins } from '../../../core/plugin/enablement.ts';
import { jobs } from '../../../jobs/config/jobs.ts';
import { plugins } from '../../../plugins/index.ts';
import { loadFromFlags } from '../../config/load.ts';
import { coverage } from '../../coverage/compare.ts';
import { installedAccounts } from '../../coverage/installed.ts';
import { configuredPlaces } from '../../coverage/places.ts';
import { askForApp } from '../app-page.ts';
import { type Finding, failure, ok, skipped, warning } from '../finding.ts';
import type { Check } from '../patient.ts';

const NAMED = 5;

export const configuration: Check = {
  name: 'configuration',
  fix: '"cutwater checkconfig" with the same flags says more',
  async look({ flags, config }) {
    // Loaded once more for the words of what is wrong with it.
    if (!config && flags['config-path'] !== undefined)
      return [
        failure(
          'configuration',
          refusal(() => loadFromFlags(flags)),
          configuration.fix,
        ),
      ];
    if (!config)
      return [
        failure('configuration', 'no configuration is named', 'give --config-path, or run "cutwater --github" first'),
      ];
    const names = Object.values(config.get(enabledPlugins)).flatMap((place) => place.plugins);
    const known = new Set(plugins.map(({ name }) => name));
    const unknown = [...new Set(names)].filter((name) => !known.has(name));
    const { presubmits, postsubmits, periodics } = config.get(jobs);
    const count = [...presubmits.values(), ...postsubmits.values(), periodics].reduce(
      (sum, list) => sum + list.length,
      0,
    );
    const odd = [
      ...config.warnings,
      ...config.unknownKeys.map(({ file, path }) => `${file}: nobody knows the key ${path.join('.')}`),
      ...unknown.map((name) => `there is no plugin ${name} here`),
    ];
    return [
      ok('configuration', `${new Set(names).size} plugins, ${count} jobs`),
      ...odd.slice(0, NAMED).map((text) => warning('configuration', text, configuration.fix)),
      ...(odd.length > NAMED ? [warning('configuration', `and ${odd.length - NAMED} more`, configuration.fix)] : []),
    ];
  },
};

function refusal(load: () => unknown): string {
  try {
    load();
    return 'it can be used now, and could not a moment ago';
  } catch (error) {
    return messageOf(error);
  }
}

/** What is configured against where the App is installed. */
export const repositories: Check = {
  name: 'repositories',
  fix: 'mend the identity first',
  needsIdentity: true,
  async look({ github, config, hosts }) {
    const installed = await installedAccounts(github);
    if (!installed || !config)
      return [skipped('repositories', installed ? 'without a configuration' : 'a bot account is installed nowhere')];
    const { served, notInstalled, notConfigured } = coverage(configuredPlaces(config), installed);
    const install = `install the App: ${(await askForApp({ github, hosts })).installPage}`;
    const name = 'add them to plugins.yaml, or take them out of the installation';
    return [
      served > 0
        ? ok('repositories', `${served} served`)
        : failure('repositories', 'none is both configured and installed', install),
      ...list('configured, but the App is not there', notInstalled, install),
      ...list('installed, but not configured', notConfigured, name),
    ];
  },
};

function list(what: string, names: readonly string[], fix: string): Finding[] {
  if (names.length === 0) return [];
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return [warning('repositories', `${what}: ${names.slice(0, NAMED).join(', ')}${more}`, fix)];
}
