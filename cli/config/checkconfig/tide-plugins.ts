import { coverageOf, type TideQuery } from '../../../tide/policy/queries.ts';
import { tideQueries } from '../tide-queries.ts';
import type { Check, Checked, Finding } from './check.ts';
import { enabledExternally, enabledPlaces } from './enabled.ts';
import { describePlaces, difference, intersection } from './places.ts';

/** A plugin that sets a label, and what queries have to say of that label. */
interface Pair {
  plugin: string;
  label: string;
  verb: 'require' | 'forbid';
  /** Tide looks at conflicts itself: where the plugin is on, queries need not forbid its label. */
  oneWay?: boolean | undefined;
}

const REQUIRED: readonly Pair[] = [
  { plugin: 'lgtm', label: 'lgtm', verb: 'require' },
  { plugin: 'approve', label: 'approved', verb: 'require' },
];

const FORBIDDEN: readonly Pair[] = [
  { plugin: 'hold', label: 'do-not-merge/hold', verb: 'forbid' },
  { plugin: 'wip', label: 'do-not-merge/work-in-progress', verb: 'forbid' },
  { plugin: 'bugzilla', label: 'bugzilla/invalid-bug', verb: 'forbid' },
  { plugin: 'verify-owners', label: 'do-not-merge/invalid-owners-file', verb: 'forbid' },
  { plugin: 'release-note', label: 'do-not-merge/release-note-label-needed', verb: 'forbid' },
  { plugin: 'cherry-pick-unapproved', label: 'do-not-merge/cherry-pick-not-approved', verb: 'forbid' },
  { plugin: 'blockade', label: 'do-not-merge/blocked-paths', verb: 'forbid' },
  { plugin: 'needs-rebase', label: 'needs-rebase', verb: 'forbid', oneWay: true },
];

function honours({ label, verb }: Pair, { labels = [], missingLabels = [] }: TideQuery): boolean {
  return (verb === 'require' ? labels : missingLabels).includes(label);
}

function findingsOf(pairs: readonly Pair[], { config }: Checked): Finding[] {
  const queries = tideQueries(config);
  const all = coverageOf(queries);
  return pairs.flatMap((pair) => {
    const { plugin, label, verb, oneWay } = pair;
    const honoured = coverageOf(queries.filter((query) => honours(pair, query)));
    const enabled = oneWay ? enabledExternally(config, plugin) : enabledPlaces(config, plugin);
    const without = describePlaces(difference(honoured, enabled));
    const idle = oneWay ? [] : describePlaces(difference(intersection(enabled, all), honoured));
    return [
      ...listed(without, `${verb} the ${label} label for merging but do not enable the ${plugin} plugin`),
      ...listed(idle, `enable the ${plugin} plugin but do not ${verb} the ${label} label for merging`),
    ];
  });
}

function listed(places: readonly string[], what: string): Finding[] {
  if (places.length === 0) return [];
  return [{ message: `the following orgs or repos ${what}: [${places.join('; ')}]` }];
}

/** Whether plugins are on where queries look at their labels, and the other way round. The lenient one is part of the other. */
export const tidePluginChecks: readonly Check[] = [
  {
    name: 'mismatched-tide',
    plugins: true,
    when: 'default',
    run: (checked) => findingsOf([...REQUIRED, ...FORBIDDEN], checked),
  },
  { name: 'mismatched-tide-lenient', plugins: true, when: 'default', run: (checked) => findingsOf(REQUIRED, checked) },
];
