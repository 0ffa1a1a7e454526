import { z } from 'zod';
import { globalSettings, own } from '../../core/plugin/index.ts';

const RestrictedLabel = z.object({
  label: z.string(),
  allowed_teams: z.array(z.string()).default([]),
  allowed_users: z.array(z.string()).default([]),
  assign_on: z.array(z.object({ label: z.string() })).default([]),
});
export type RestrictedLabel = z.output<typeof RestrictedLabel>;

/** Section `label` of plugins.yaml (Prow: pkg/plugins/config.go, Label). */
const Label = z.object({
  additional_labels: z.array(z.string()).default([]),
  /** By `*`, org or org/repo. */
  restricted_labels: z.record(z.string(), z.array(RestrictedLabel)).default({}),
});
export type Label = z.output<typeof Label>;

const KINDS = ['kind', 'priority', 'area'];

export const labelSettings = globalSettings('label', Label, {
  describe({ additional_labels }) {
    const names = [...KINDS, ...additional_labels].map((label) => `"${label}/*"`);
    return `The label plugin will work on ${names.slice(0, -1).join(', ')} and ${names.at(-1)} labels.`;
  },
  merge: (base, additional) => ({
    additional_labels: [...base.additional_labels, ...additional.additional_labels],
    restricted_labels: mergeRestricted(base.restricted_labels, additional.restricted_labels),
  }),
});

function mergeRestricted(
  base: Label['restricted_labels'],
  additional: Label['restricted_labels'],
): Label['restricted_labels'] {
  const merged = { ...base };
  for (const [place, labels] of Object.entries(additional)) {
    const before = merged[place] ?? [];
    const both = labels.find(({ label }) => before.some((other) => other.label === label));
    if (both) throw new Error(`there are multiple label.restricted_labels configs for label ${both.label}`);
    merged[place] = [...before, ...labels];
  }
  return merged;
}

/** The restrictions of a repository by label in lower case: what `*`, its organisation and it itself say, joined. */
export function restrictedFor(
  { restricted_labels: all }: Label,
  org: string,
  repo: string,
): Map<string, RestrictedLabel> {
  const result = new Map<string, RestrictedLabel>();
  for (const entry of ['*', org, `${org}/${repo}`].flatMap((place) => own(all, place) ?? [])) {
    const key = entry.label.toLowerCase();
    const before = result.get(key);
    result.set(key, before ? joinedEntry(before, entry) : entry);
  }
  return result;
}

function joinedEntry(a: RestrictedLabel, b: RestrictedLabel): RestrictedLabel {
  const union = (left: string[], right: string[]) => [...new Set([...left, ...right])].sort();
  const labels = union(
    a.assign_on.map(({ label }) => label),
    b.assign_on.map(({ label }) => label),
  );
  return {
    label: a.label,
    allowed_users: union(a.allowed_users, b.allowed_users),
    allowed_teams: union(a.allowed_teams, b.allowed_teams),
    assign_on: labels.map((label) => ({ label })),
  };
}
