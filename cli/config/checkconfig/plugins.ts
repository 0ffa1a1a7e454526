import { readFileSync } from 'node:fs';
import { isMap } from '../../../core/config/decode.ts';
import { parseYaml } from '../../../core/config/yaml.ts';
import { type Enabled, enabledPlugins } from '../../../core/plugin/enablement.ts';
import { jobs } from '../../../jobs/config/jobs.ts';
import { plugins as ours } from '../../../plugins/index.ts';
import { labelSettings } from '../../../plugins/label/config.ts';
import type { Check, Checked, Finding } from './check.ts';
import { enabledPlaces } from './enabled.ts';
import { describePlaces, difference, type Places, union } from './places.ts';
import { PROW_PLUGINS } from './prow-plugins.ts';

const WITH_OWNERS = ['approve', 'blunderbuss', 'rifle', 'owners-label'];

/** Where plugins are on that read OWNERS files: which repositories have such files nobody else knows. */
function placesWithOwners({ config }: Checked): Places {
  return WITH_OWNERS.map((name) => enabledPlaces(config, name)).reduce(union);
}

function ownersFindings(checked: Checked): Finding[] {
  const missing = describePlaces(difference(placesWithOwners(checked), enabledPlaces(checked.config, 'verify-owners')));
  if (missing.length === 0) return [];
  return [
    {
      message: `the following orgs or repos enable at least one plugin that uses OWNERS files (${WITH_OWNERS.join(', ')}) but do not enable the verify-owners plugin to ensure validity of OWNERS files: [${missing.join('; ')}]`,
    },
  ];
}

async function ownersPresence(checked: Checked): Promise<Finding[]> {
  const { orgs, repos } = placesWithOwners(checked);
  const all = new Set(repos);
  for (const [org, except] of orgs)
    for (const repo of await checked.remote.repositories(org)) if (!except.has(repo)) all.add(repo);
  const missing: string[] = [];
  for (const repo of all) if (!(await checked.remote.hasFile(repo, 'OWNERS'))) missing.push(repo);
  if (missing.length === 0) return [];
  return [
    {
      message: `the following orgs or repos enable at least one plugin that uses OWNERS files (${WITH_OWNERS.join(', ')}), but its master branch does not contain a root level OWNERS file: [${missing.join(' ')}]`,
    },
  ];
}

function triggerFindings({ config }: Checked): Finding[] {
  const { presubmits, postsubmits } = config.get(jobs);
  const configured = { orgs: new Map(), repos: new Set([...presubmits.keys(), ...postsubmits.keys()]) };
  const missing = describePlaces(difference(configured, enabledPlaces(config, 'trigger')));
  if (missing.length === 0) return [];
  return [
    {
      message: `the following repos have jobs configured but do not have the trigger plugin enabled: ${missing.join(', ')}`,
    },
  ];
}

function labelFindings({ config }: Checked): Finding[] {
  const { additional_labels, restricted_labels } = labelSettings.forRepo(config, '', '');
  const restricted = Object.entries(restricted_labels).flatMap(([place, list]) =>
    list.map(({ label }) => ({ place, label })),
  );
  const both = Map.groupBy(
    restricted.filter(({ label }) => additional_labels.includes(label)),
    ({ label }) => label,
  );
  const empty = restricted.filter(({ label }) => label === '').map(({ place }) => place);
  return [
    ...[...both].map(([label, uses]) => ({
      message: `the following orgs or repos have configuration of label plugin using the restricted label ${label} which is also configured as an additional label: ${sorted(uses.map(({ place }) => place))}`,
    })),
    ...(empty.length > 0
      ? [
          {
            message: `the following orgs or repos have configuration of label plugin using the empty string as label name in restricted labels: ${sorted(empty)}`,
          },
        ]
      : []),
  ];
}

function sorted(places: readonly string[]): string {
  return [...places].sort().join(', ');
}

/** Looked at as it is written: the plugin may not be here. */
function updaterFindings({ files }: Checked): Finding[] {
  const file = files.pluginConfig ?? '';
  const raw = parseYaml(readFileSync(file, 'utf8'), file);
  const updater = isMap(raw) && isMap(raw.config_updater) ? raw.config_updater : {};
  return Object.entries(isMap(updater.maps) ? updater.maps : {}).flatMap(([pattern, map]) =>
    ['allowed_repos', 'denied_repos'].flatMap((key) => {
      const list = isMap(map) && Array.isArray(map[key]) ? map[key] : [];
      return list.flatMap((repo, index): Finding[] => {
        const problem = repoProblem(String(repo ?? ''));
        const path = ['config_updater', 'maps', pattern, key, index];
        return problem ? [{ message: `config_updater.maps["${pattern}"].${key}: ${problem}`, at: { file, path } }] : [];
      });
    }),
  );
}

function repoProblem(repo: string): string | undefined {
  if (repo === '') return 'org/repo cannot be empty';
  const [org, , ...more] = repo.split('/');
  if (more.length > 0) return "org/repo contains too many slashes '/'";
  return org === '' ? 'you cannot set a repo without an org' : undefined;
}

const HERE: ReadonlySet<string> = new Set(ours.map(({ name }) => name));

/** Plugins that are enabled and not among those `here`, as what Prow's configuration may name or as names that nobody knows. */
export function absentPlugins(
  enabled: Enabled,
  here: ReadonlySet<string>,
  prows: boolean,
): { place: string; name: string }[] {
  return Object.entries(enabled).flatMap(([place, { plugins }]) =>
    plugins.filter((name) => !here.has(name) && PROW_PLUGINS.has(name) === prows).map((name) => ({ place, name })),
  );
}

function pluginFindings({ config, files }: Checked, prows: boolean, say: (name: string, place: string) => string) {
  const file = files.pluginConfig ?? files.configPath;
  return absentPlugins(config.get(enabledPlugins), HERE, prows).map(({ place, name }) => ({
    message: say(name, place),
    at: { file, path: ['plugins', place] },
  }));
}

/** Prow's plugins that are not here: they are named, and nothing is refused for them. */
function unavailableFindings(checked: Checked): Finding[] {
  return pluginFindings(
    checked,
    true,
    (name, place) => `the ${name} plugin is enabled for ${place} and not available here`,
  );
}

/** Plugins that nobody knows: a mistake, as in Prow. */
export function unknownPlugins(checked: Checked): { message: string; at: { file: string; path: string[] } }[] {
  return pluginFindings(checked, false, (name) => `unknown plugin: ${name}`);
}

/** What is odd about plugins. */
export const pluginChecks: readonly Check[] = [
  { name: 'verify-owners-presence', plugins: true, when: 'expensive', run: ownersPresence },
  { name: 'validate-owners', plugins: true, when: 'default', run: ownersFindings },
  { name: 'missing-trigger', plugins: true, when: 'default', run: triggerFindings },
  { name: 'validate-label', plugins: true, when: 'default', run: labelFindings },
  { name: 'validate-config-updater-acls', plugins: true, when: 'default', run: updaterFindings },
  { name: 'unavailable-plugins', plugins: true, when: 'default', run: unavailableFindings },
];
