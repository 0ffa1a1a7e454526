import { type Args, anyone, plugin, type Said } from '../../core/plugin/index.ts';
import { type Label, labelSettings, type RestrictedLabel, restrictedFor } from './config.ts';
import { mayBeSet } from './restricted.ts';
import { type Asked, complaintOf, planLabels, TRIAGE_ACCEPTED } from './rules.ts';

/** Kinds of label that anybody may set, each with an example. */
const CATEGORIES = {
  area: 'prow',
  committee: 'steering',
  kind: 'bug',
  language: 'zh',
  priority: 'important-soon',
  sig: 'testing',
  triage: 'accepted',
  wg: 'batch',
};
const categories = Object.entries(CATEGORIES);

const p = plugin({
  name: 'label',
  summary:
    "Adds and removes labels of the types 'area/*', 'committee/*', 'kind/*', 'language/*', 'priority/*', 'sig/*', 'triage/*' and 'wg/*', and others that the configuration allows with /label. Restricted labels are for the teams and people that the configuration names.",
  needs: ['labels', 'comments', 'people', 'issue'],
  config: labelSettings,
  snippet:
    'label:\n  additional_labels:\n  - api-review\n  restricted_labels:\n    "*":\n    - label: restricted-label\n      allowed_teams:\n      - authorized-team\n      allowed_users:\n      - alice\n      assign_on:\n      - label: other-label\n',
});

/** Blank-separated words, of which there is at least one. */
const targets: Args<string[]> = {
  usage: '<target>...',
  parse(given) {
    const words = given.split(/[ \t]+/).filter((word) => word !== '');
    return words.length > 0 ? words : undefined;
  },
};
const oneLabel: Args<string> = {
  usage: '<label>',
  parse: (given) => (given === '' || /[ \t]/.test(given) ? undefined : given),
};

const data = { on: 'both', evenClosed: true, exactCase: true, who: anyone } as const;
const adders = categories.map(([category, example]) =>
  p.command({
    ...data,
    names: [category],
    args: targets,
    help: `Adds ${category}/* labels.`,
    examples: [`/${category} ${example}`],
  }),
);
const removers = categories.map(([category, example]) =>
  p.command({
    ...data,
    names: [`remove-${category}`],
    args: targets,
    help: `Removes ${category}/* labels.`,
    examples: [`/remove-${category} ${example}`],
  }),
);
const custom = p.command({
  ...data,
  names: ['label'],
  args: oneLabel,
  help: 'Adds a label that the configuration allows.',
  examples: ['/label foo-bar-baz'],
});
const removeCustom = p.command({
  ...data,
  names: ['remove-label'],
  args: oneLabel,
  help: 'Removes a label that the configuration allows.',
  examples: ['/remove-label foo-bar-baz'],
});

const onComment = p.onSaid(async (context) => {
  const { event, ports, config, reply } = context;
  const restricted = restrictedFor(config, event.org, event.repo);
  const asked = askedFor(event.text, config, restricted);
  if (asked.add.length + asked.remove.length + asked.unknown.length === 0) return;
  const [catalog, present] = await Promise.all([ports.labels.catalog(), ports.labels.list()]);
  const plan = planLabels({ asked, present, catalog: catalog.map(({ name }) => name) });
  const strangerAccepts = plan.add.includes(TRIAGE_ACCEPTED) && !(await ports.people.isMember(event.org, event.user));
  const allowed: string[] = [];
  for (const label of plan.add) {
    if (label === TRIAGE_ACCEPTED && strangerAccepts) continue;
    if (await mayBeSet(label, restricted, context)) allowed.push(label);
  }
  await ports.labels.add(...allowed);
  for (const label of plan.remove) if (await mayBeSet(label, restricted, context)) await ports.labels.remove(label);
  const complaint = complaintOf({ ...plan, ...asked, strangerAccepts }, [
    ...config.additional_labels,
    ...[...restricted.keys()].sort(),
  ]);
  if (complaint) await reply(complaint);
});

function askedFor(text: string, config: Label, restricted: ReadonlyMap<string, RestrictedLabel>): Asked {
  const allowed = new Set([...config.additional_labels.map((label) => label.toLowerCase()), ...restricted.keys()]);
  const ofCategory = (commands: { said(text: string): Said<string[]>[] }[]) =>
    commands.flatMap((command, index) =>
      command
        .said(text)
        .flatMap(({ args }) => args.map((target) => `${categories[index]?.[0]}/${target}`.toLowerCase())),
    );
  const ofLabel = (command: { said(text: string): Said<string>[] }) =>
    command.said(text).map(({ args, line }) => ({ label: args.toLowerCase(), line }));
  const [adds, removes] = [ofLabel(custom), ofLabel(removeCustom)];
  const known = (said: typeof adds) => said.filter(({ label }) => allowed.has(label)).map(({ label }) => label);
  return {
    add: [...ofCategory(adders), ...known(adds)],
    remove: [...ofCategory(removers), ...known(removes)],
    unknown: [...adds, ...removes].filter(({ label }) => !allowed.has(label)).map(({ line }) => line),
  };
}

const onLabeled = p.on('pull_request', ['labeled'], async ({ event, ports, config }) => {
  const added = 'label' in event.payload ? event.payload.label?.name : undefined;
  if (added === undefined) return;
  for (const { assign_on, allowed_users } of restrictedFor(config, event.org, event.repo).values()) {
    if (assign_on.some(({ label }) => label.toLowerCase() === added.toLowerCase()))
      await ports.issue.assign(...allowed_users);
  }
});

export const label = p.define({
  commands: [...adders, ...removers, custom, removeCustom],
  handlers: [onComment, onLabeled],
});
