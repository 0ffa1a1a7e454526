import { isMap } from '../../../core/config/decode.ts';
import { readMaybeGzip, walk } from '../../../core/config/files.ts';
import { parseYaml } from '../../../core/config/yaml.ts';
import type { Check, Finding } from './check.ts';

/** What a supplemental file is about. */
interface Scope {
  global: boolean;
  orgs: Set<string>;
  repos: Set<string>;
}

type Raw = Record<string, unknown>;

/** Files in a folder named like an organisation may be about that one only, files two folders down about that repository only. */
function hierarchyFindings(root: string, suffix: string, scopeOf: (raw: Raw) => Scope): Finding[] {
  const { files } = walk(root, (file) => file.endsWith(suffix));
  return files.flatMap((file): Finding[] => {
    const folders = file.slice(root.length).replace(/^\/+/, '').split('/').slice(0, -1);
    if (folders.length === 0) return [];
    if (folders.length > 2)
      return [
        {
          message: `config ${file} is at an invalid location. All configs must be below ${root}. If they are org-specific, they must be in a folder named like the org. If they are repo-specific, they must be in a folder named like the repo below a folder named like the org.`,
        },
      ];
    const raw = parseYaml(readMaybeGzip(file).toString('utf8'), file);
    const message = placeProblem(file, folders.join('/'), scopeOf(isMap(raw) ? raw : {}));
    return message ? [{ message }] : [];
  });
}

function placeProblem(file: string, place: string, { global, orgs, repos }: Scope): string | undefined {
  const isRepo = place.includes('/');
  const own = isRepo ? repos : orgs;
  const others = isRepo ? orgs : repos;
  if (!global && own.size === 1 && own.has(place) && others.size === 0) return undefined;
  own.delete(place);
  const found = [
    ...(global ? ['contains global config'] : []),
    ...[...orgs].sort().map((org) => `contains config for org ${org}`),
    ...[...repos].sort().map((repo) => `contains config for repo ${repo}`),
  ];
  const must = isRepo ? `Must only contain config for repo ${place}` : `Must contain only config for org ${place}`;
  return `config ${file} is invalid: ${must}, but ${found.join(' and ') || 'contains none'}`;
}

function newScope(raw: Raw, known: readonly string[]): Scope & { add(place: string): void } {
  const scope = {
    global: Object.keys(raw).some((key) => !known.includes(key)),
    orgs: new Set<string>(),
    repos: new Set<string>(),
  };
  return {
    ...scope,
    add(place) {
      (place.includes('/') ? scope.repos : scope.orgs).add(place);
    },
  };
}

function mapOf(value: unknown): Raw {
  return isMap(value) ? value : {};
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** Prow: ProwConfig.HasConfigFor. */
function prowScope(raw: Raw): Scope {
  const scope = newScope(raw, ['branch-protection', 'tide', 'slack_reporter_configs']);
  const { orgs, ...general } = mapOf(raw['branch-protection']);
  const { merge_method, queries, ...otherTide } = mapOf(raw.tide);
  const slack = Object.keys(mapOf(raw.slack_reporter_configs));
  scope.global ||= Object.keys({ ...general, ...otherTide }).length > 0 || slack.includes('*');
  for (const [org, own] of Object.entries(mapOf(orgs))) {
    const { repos, ...policy } = mapOf(own);
    if (Object.keys(policy).length > 0) scope.add(org);
    for (const repo of Object.keys(mapOf(repos))) scope.add(`${org}/${repo}`);
  }
  for (const place of [...Object.keys(mapOf(merge_method)), ...slack.filter((key) => key !== '*')]) scope.add(place);
  for (const query of Array.isArray(queries) ? queries : [])
    for (const place of [...textsOf(mapOf(query).orgs), ...textsOf(mapOf(query).repos)]) scope.add(place);
  return scope;
}

const LISTS = ['approve', 'lgtm', 'triggers', 'welcome'];

/** Prow: plugins.Configuration.HasConfigFor. */
function pluginScope(raw: Raw): Scope {
  const scope = newScope(raw, ['plugins', 'external_plugins', 'bugzilla', 'label', ...LISTS]);
  const { restricted_labels, ...otherLabel } = mapOf(raw.label);
  const bugzilla = mapOf(raw.bugzilla);
  const restricted = Object.keys(mapOf(restricted_labels));
  scope.global ||= Object.keys(otherLabel).length > 0 || bugzilla.default !== undefined || restricted.includes('*');
  for (const key of ['plugins', 'external_plugins']) for (const place of Object.keys(mapOf(raw[key]))) scope.add(place);
  for (const place of restricted.filter((key) => key !== '*')) scope.add(place);
  for (const key of LISTS)
    for (const entry of Array.isArray(raw[key]) ? raw[key] : [])
      for (const place of textsOf(mapOf(entry).repos)) scope.add(place);
  for (const [org, own] of Object.entries(mapOf(bugzilla.orgs))) {
    if (mapOf(own).default !== undefined) scope.add(org);
    for (const repo of Object.keys(mapOf(mapOf(own).repos))) scope.add(`${org}/${repo}`);
  }
  return scope;
}

export const hierarchyChecks: readonly Check[] = [
  {
    name: 'validate-supplemental-prow-config-hierarchy',
    when: 'default',
    run: ({ files: { supplementalConfig, supplementalPlugins } }) => [
      ...supplementalConfig.roots.flatMap((root) => hierarchyFindings(root, supplementalConfig.suffix, prowScope)),
      ...supplementalPlugins.roots.flatMap((root) => hierarchyFindings(root, supplementalPlugins.suffix, pluginScope)),
    ],
  },
];
