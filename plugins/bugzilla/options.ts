import { z } from 'zod';
import { enabledPlugins, globalSettings, own, pluginsFor, type Settings } from '../../core/plugin/index.ts';

const State = z.object({ status: z.string().default(''), resolution: z.string().default('') });
export type BugState = z.output<typeof State>;

const states = z.array(State).optional();
const names = z.array(z.string()).optional();

const BranchOptions = z.object({
  /** What is said more generally does not hold here. */
  exclude_defaults: z.boolean().optional(),
  /** Cherry-picks of a change with a bug get a clone of that bug. */
  enable_backporting: z.boolean().optional(),
  /** A title that names no bug is told so. */
  validate_by_default: z.boolean().optional(),
  /** Valid bugs are open, or are not. */
  is_open: z.boolean().optional(),
  /** The release that valid bugs target. */
  target_release: z.string().optional(),
  /** `valid_states` without resolutions. */
  statuses: names,
  /** States that valid bugs are in. */
  valid_states: states,
  /** `dependent_bug_states` without resolutions. */
  dependent_bug_statuses: names,
  /** States that the bugs are in that a valid bug depends on. */
  dependent_bug_states: states,
  /** Releases that those bugs target. */
  dependent_bug_target_releases: names,
  /** One more of them; the older form. */
  dependent_bug_target_release: z.string().optional(),
  status_after_validation: z.string().optional(),
  /** Where a valid bug is moved; it is valid there as well. */
  state_after_validation: State.optional(),
  /** The bug lists the pull request among its external trackers. */
  add_external_link: z.boolean().optional(),
  status_after_merge: z.string().optional(),
  /** Where the bug is moved when all pull requests that it lists have merged. */
  state_after_merge: State.optional(),
  /** Where the bug is moved when all pull requests that it lists are closed. */
  state_after_close: State.optional(),
  /** Bugs that are in other groups as well are not spoken of. */
  allowed_groups: names,
});
type Written = z.output<typeof BranchOptions>;

/** What holds for a branch. */
export type BugOptions = Omit<
  Written,
  | 'exclude_defaults'
  | 'statuses'
  | 'dependent_bug_statuses'
  | 'dependent_bug_target_release'
  | 'status_after_validation'
  | 'status_after_merge'
>;

const byBranch = z.record(z.string(), BranchOptions);

/** Section `bugzilla` of plugins.yaml. `*` stands for every branch. */
const Bugzilla = z.object({
  default: byBranch.optional(),
  orgs: z
    .record(
      z.string(),
      z.object({
        default: byBranch.optional(),
        repos: z.record(z.string(), z.object({ branches: byBranch.default({}) })).default({}),
      }),
    )
    .default({}),
});
type Bugzilla = z.output<typeof Bugzilla>;

/** What holds in a repository. */
export interface BugSettings {
  /** Branches with options of their own, `*` among them, in order. */
  branches: readonly string[];
  forBranch(branch: string): BugOptions;
  /** Whether a repository is one of those that plugins are on for. */
  knows(org: string, repo: string): boolean;
}

const declared = globalSettings('bugzilla', Bugzilla, { merge: joined });

export const bugSettings: Settings<BugSettings> = {
  sections: [...declared.sections, enabledPlugins],
  forRepo(config, org, repo) {
    const all = declared.forRepo(config, org, repo);
    const here = own(all.orgs, org);
    const levels = [all.default, here?.default, here && own(here.repos, repo)?.branches];
    const maps = levels.filter((level) => level !== undefined);
    return {
      branches: [...new Set(maps.flatMap((map) => Object.keys(map)))].sort(),
      forBranch: (branch) =>
        maps
          .flatMap((map) => [own(map, '*'), branch === '*' ? undefined : own(map, branch)])
          .reduce<BugOptions>((options, more) => (more ? resolved(options, more) : options), {}),
      knows: (otherOrg, other) => pluginsFor(config.get(enabledPlugins), otherOrg, other).length > 0,
    };
  },
};

/** The more exact level over the more general one; statuses become states (Prow: pkg/plugins/config.go, ResolveBugzillaOptions). */
function resolved(parent: BugOptions, child: Written): BugOptions {
  const {
    exclude_defaults: alone,
    statuses,
    dependent_bug_statuses: dependentStatuses,
    dependent_bug_target_release: release,
    status_after_validation: validated,
    status_after_merge: merged,
    ...plain
  } = child;
  const from = alone ? {} : parent;
  const valid = withStatuses(plain.valid_states, statuses);
  const dependent = withStatuses(plain.dependent_bug_states, dependentStatuses);
  const releases = [...(plain.dependent_bug_target_releases ?? []), ...(release === undefined ? [] : [release])];
  return {
    ...from,
    ...defined(plain),
    ...(valid && { valid_states: valid }),
    ...(dependent && { dependent_bug_states: dependent }),
    ...(releases.length > 0 && { dependent_bug_target_releases: [...new Set(releases)] }),
    ...(validated !== undefined && { state_after_validation: plain.state_after_validation ?? stateOf(validated) }),
    ...(merged !== undefined && { state_after_merge: plain.state_after_merge ?? stateOf(merged) }),
    ...(plain.allowed_groups && {
      allowed_groups: [...new Set([...(from.allowed_groups ?? []), ...plain.allowed_groups])].sort(),
    }),
  };
}

function stateOf(status: string): BugState {
  return { status, resolution: '' };
}

function withStatuses(given: BugState[] | undefined, statuses: string[] | undefined): BugState[] | undefined {
  if (!statuses) return given;
  const all = [...(given ?? []), ...statuses.map(stateOf)];
  const unique = new Map(all.map((state) => [JSON.stringify([state.status, state.resolution]), state]));
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, state]) => state);
}

function defined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Partial<T>;
}

/** Supplemental files add what no other file says. */
export function joined(base: Bugzilla, more: Bugzilla): Bugzilla {
  if (base.default && more.default) throw new Error('bugzilla.default is set in another file already');
  const orgs = { ...base.orgs };
  for (const [org, { default: options, repos }] of Object.entries(more.orgs)) {
    const before = own(orgs, org) ?? { repos: {} };
    if (before.default && options) throw new Error(`bugzilla.orgs.${org}.default is set in another file already`);
    const twice = Object.keys(repos).find((repo) => Object.hasOwn(before.repos, repo));
    if (twice !== undefined) throw new Error(`bugzilla.orgs.${org}.repos.${twice} is set in another file already`);
    const joint = before.default ?? options;
    orgs[org] = { ...(joint && { default: joint }), repos: { ...before.repos, ...repos } };
  }
  const general = base.default ?? more.default;
  return { ...(general && { default: general }), orgs };
}
