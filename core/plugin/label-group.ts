import type { PortMap } from '../ports/index.ts';
import { hasLabel } from './housekeeping.ts';

type Labels = Pick<PortMap['labels'], 'list' | 'add' | 'remove'>;

/** Adds `name` where it is missing and takes it away where it should not be; writes nothing where all is well. */
export async function setLabel(labels: Labels, name: string, wanted: boolean): Promise<void> {
  const has = hasLabel(await labels.list(), name);
  if (wanted && !has) await labels.add(name);
  if (!wanted && has) await labels.remove(name);
}

/** A label of a group that is to come, whereupon it is the only one of them, as `stage/beta` is of `stage/*`; or to go. */
export interface Choice {
  label: string;
  wanted: boolean;
}

/** Makes of the labels what the choices come to, one after the other. Only that is written, however many choices one comment holds. */
export async function chooseLabels(
  labels: Labels,
  group: readonly string[],
  choices: readonly Choice[],
): Promise<void> {
  const present = await labels.list();
  let left = present;
  for (const { label, wanted } of choices) {
    if (hasLabel(left, label) === wanted) continue;
    left = left.filter((name) => !hasLabel(wanted ? group : [label], name));
    if (wanted) left = [...left, label];
  }
  for (const name of group) if (hasLabel(present, name) && !hasLabel(left, name)) await labels.remove(name);
  await labels.add(...left.filter((name) => !hasLabel(present, name)));
}
