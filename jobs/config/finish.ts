import type { DecorationConfig } from '../api/decoration.ts';
import type { ProwJobDefault } from '../api/prowjob.ts';
import { withDefaults } from './decoration.ts';
import { withProwJobDefaults } from './general.ts';
import type {
  JobBase,
  Periodic,
  Postsubmit,
  Preset,
  Presubmit,
  RawPeriodic,
  RawPostsubmit,
  RawPresubmit,
} from './job.ts';
import { defaultDecoration, type Plank } from './plank.ts';
import { withPresets } from './presets.ts';

/** What a job's defaults come from. */
export interface JobDefaults {
  presets: readonly Preset[];
  plank: Plank;
  podNamespace: string;
  defaultEntries: Parameters<typeof withProwJobDefaults>[0];
  /** decorate_all_jobs */
  decorateAll: boolean;
}

/** Fills jobs' defaults in. The same raw job gives the same finished one, so that a reload shares what has not changed. */
export interface JobFinisher {
  presubmit(raw: RawPresubmit, repo: string, file: string): Presubmit;
  postsubmit(raw: RawPostsubmit, repo: string, file: string): Postsubmit;
  periodic(raw: RawPeriodic, file: string): Periodic;
}

/** Why a finished job's presets could not be merged; told by validation. */
export const presetProblems = new WeakMap<object, string>();

let last: { defaults: JobDefaults; finisher: JobFinisher } | undefined;

/** The finisher for these defaults: that of the last load where they are still the same. */
export function finisherFor(defaults: JobDefaults): JobFinisher {
  if (last && sameDefaults(last.defaults, defaults)) return last.finisher;
  last = { defaults, finisher: createFinisher(defaults) };
  return last.finisher;
}

function sameDefaults(a: JobDefaults, b: JobDefaults): boolean {
  return (
    a.plank === b.plank &&
    a.podNamespace === b.podNamespace &&
    a.defaultEntries === b.defaultEntries &&
    a.decorateAll === b.decorateAll &&
    a.presets.length === b.presets.length &&
    a.presets.every((preset, index) => preset === b.presets[index])
  );
}

/** A finisher of its own, for jobs that are not the operator's. */
export function createFinisher(defaults: JobDefaults): JobFinisher {
  // YAML aliases and equal files give one raw object in several places.
  const known = new WeakMap<object, Map<string, object>>();
  const conflicts = new WeakMap<object, string>();
  const once = <J extends object>(raw: object, place: string, finish: () => J): J => {
    const places = known.get(raw) ?? new Map<string, object>();
    known.set(raw, places);
    const finished = places.get(place) ?? finish();
    places.set(place, finished);
    const conflict = conflicts.get(raw);
    if (conflict !== undefined) presetProblems.set(finished, conflict);
    return finished as J;
  };
  const base = baseFinisher(defaults, conflicts);
  return {
    presubmit: (raw, repo, file) =>
      once(raw, `presubmit ${repo} ${file}`, () => asPresubmit(raw, base(raw, repo, file))),
    postsubmit: (raw, repo, file) =>
      once(raw, `postsubmit ${repo} ${file}`, () => ({
        ...raw,
        ...base(raw, repo, file),
        context: raw.context || raw.name,
      })),
    periodic: (raw, file) => once(raw, `periodic ${file}`, () => ({ ...raw, ...base(raw, periodicRepo(raw), file) })),
  };
}

/** Prow: DefaultTriggerFor. The name is not escaped. */
export function defaultTrigger(name: string): string {
  return `(?m)^/test( | .* )${name},?($|\\s.*)`;
}

function asPresubmit(raw: RawPresubmit, base: ReturnType<BaseFinisher>): Presubmit {
  const neither = !raw.trigger && !raw.rerun_command;
  return {
    ...raw,
    ...base,
    context: raw.context || raw.name,
    // With one of the two given, validation refuses the job.
    trigger: neither ? defaultTrigger(raw.name) : (raw.trigger ?? ''),
    rerun_command: neither ? `/test ${raw.name}` : (raw.rerun_command ?? ''),
  };
}

/** A periodic's defaults are those of the first repository that it clones. */
function periodicRepo({ extra_refs }: RawPeriodic): string {
  const first = extra_refs?.[0];
  return first ? `${first.org}/${first.repo}` : '';
}

type Filled = 'agent' | 'cluster' | 'namespace' | 'decorate' | 'prowjob_defaults' | 'sourcePath';
type BaseFinisher = (
  raw: Omit<JobBase, Filled> & Partial<JobBase>,
  repo: string,
  file: string,
) => Pick<JobBase, Filled> & Partial<Pick<JobBase, 'spec' | 'decoration_config'>>;

function baseFinisher(defaults: JobDefaults, conflicts: WeakMap<object, string>): BaseFinisher {
  const { presets, plank, podNamespace, defaultEntries, decorateAll } = defaults;
  const decorations = new Map<string, DecorationConfig | undefined>();
  const prowjobDefaults = new Map<string, ProwJobDefault>();
  return (raw, repo, file) => {
    const cluster = raw.cluster || 'default';
    const decorate = raw.decorate ?? decorateAll;
    // Prow looks at the cluster as it is after defaulting.
    const key = `${repo}\0${cluster}`;
    const decoration = decorate
      ? (withDefaults(
          raw.decoration_config,
          memo(decorations, key, () => defaultDecoration(plank, repo, cluster)),
        ) ?? {})
      : raw.decoration_config;
    const { spec, problem } = raw.spec ? withPresets(raw.spec, raw.labels, presets) : { spec: undefined };
    if (problem !== undefined) conflicts.set(raw, problem);
    const own = raw.prowjob_defaults;
    return {
      agent: raw.agent || 'kubernetes',
      cluster,
      namespace: raw.namespace || podNamespace,
      decorate,
      prowjob_defaults: own
        ? withProwJobDefaults(defaultEntries, repo, cluster, own)
        : memo(prowjobDefaults, key, () => withProwJobDefaults(defaultEntries, repo, cluster, undefined)),
      sourcePath: file,
      ...(spec && { spec }),
      ...(decoration && { decoration_config: decoration }),
    };
  };
}

function memo<T>(values: Map<string, T>, key: string, make: () => T): T {
  if (!values.has(key)) values.set(key, make());
  return values.get(key) as T;
}
