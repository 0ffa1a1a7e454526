import { isDeepStrictEqual } from 'node:util';
import type { V1Container, V1PodSpec, V1Toleration } from '@kubernetes/client-node';
import type { Preset } from './job.ts';

/** A preset with its labels as a list: it is held against every job. */
interface Prepared {
  preset: Preset;
  labels: readonly (readonly [string, string])[];
}

const prepared = new WeakMap<readonly Preset[], readonly Prepared[]>();

function prepare(presets: readonly Preset[]): readonly Prepared[] {
  const known = prepared.get(presets);
  if (known) return known;
  const list = presets.map((preset) => ({ preset, labels: Object.entries(preset.labels ?? {}) }));
  prepared.set(presets, list);
  return list;
}

/** The presets whose labels all stand on the job, in order; one without labels is for every job. */
function presetsFor(labels: Record<string, string> | undefined, presets: readonly Preset[]): Preset[] {
  return prepare(presets)
    .filter((candidate) => candidate.labels.every(([key, value]) => labels?.[key] === value))
    .map(({ preset }) => preset);
}

/**
 * The pod spec with the presets' variables, volumes, mounts and tolerations (Prow: mergePreset). A preset may not bring what the pod has
 * already: that is `problem`.
 */
export function withPresets(
  spec: V1PodSpec,
  labels: Record<string, string> | undefined,
  presets: readonly Preset[],
): { spec: V1PodSpec; problem?: string } {
  let result = spec;
  for (const preset of presetsFor(labels, presets)) {
    const problem = conflict(result, preset);
    if (problem) return { spec: result, problem };
    result = merged(result, preset);
  }
  return { spec: result };
}

function conflict(spec: V1PodSpec, preset: Preset): string | undefined {
  const env = duplicate(preset.env, spec.containers, (container) => container.env);
  if (env) return `env var duplicated in pod spec: ${env}`;
  const volume = firstTwice(preset.volumes ?? [], spec.volumes ?? []);
  if (volume) return `volume duplicated in pod spec: ${volume}`;
  const mount = duplicate(preset.volumeMounts, spec.containers, (container) => container.volumeMounts);
  if (mount) return `volume mount duplicated in pod spec: ${mount}`;
  const known: V1Toleration[] = [...(spec.tolerations ?? [])];
  for (const toleration of preset.tolerations ?? []) {
    if (known.some((other) => isDeepStrictEqual(other, toleration)))
      return `toleration duplicated in pod spec: ${JSON.stringify(toleration)}`;
    known.push(toleration);
  }
  return undefined;
}

function duplicate(
  added: readonly { name: string }[] | undefined,
  containers: readonly V1Container[] | undefined,
  existing: (container: V1Container) => readonly { name: string }[] | undefined,
): string | undefined {
  if (!added) return undefined;
  for (const container of containers ?? []) {
    const name = firstTwice(added, existing(container) ?? []);
    if (name) return name;
  }
  return undefined;
}

function firstTwice(added: readonly { name: string }[], existing: readonly { name: string }[]): string | undefined {
  const names = new Set(existing.map(({ name }) => name));
  for (const { name } of added) {
    if (names.has(name)) return name;
    names.add(name);
  }
  return undefined;
}

function merged(spec: V1PodSpec, { env, volumes, volumeMounts, tolerations }: Preset): V1PodSpec {
  return {
    ...spec,
    ...(spec.containers && {
      containers: spec.containers.map((container) => ({
        ...container,
        ...(env && { env: [...(container.env ?? []), ...env] }),
        ...(volumeMounts && { volumeMounts: [...(container.volumeMounts ?? []), ...volumeMounts] }),
      })),
    }),
    ...(volumes && { volumes: [...(spec.volumes ?? []), ...volumes] }),
    ...(tolerations && { tolerations: [...(spec.tolerations ?? []), ...tolerations] }),
  };
}
