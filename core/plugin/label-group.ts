import type { PortMap } from '../ports/index.ts';
import { hasLabel } from './housekeeping.ts';

type Labels = Pick<PortMap['labels'], 'list' | 'add' | 'remove'>;

/** Adds `name` where it is missing and takes it away where it should not be; writes nothing where all is well. */
export async function setLabel(labels: Labels, name: string, wanted: boolean): Promise<void> {
  const has = hasLabel(await labels.list(), name);
  if (wanted && !has) await labels.add(name);
  if (!wanted && has) await labels.remove(name);
}

/** Makes `name` the only label of its group, as `stage/beta` is of `stage/*`. */
export async function chooseLabel(labels: Labels, group: readonly string[], name: string): Promise<void> {
  const present = await labels.list();
  if (hasLabel(present, name)) return;
  for (const other of group) if (other !== name && hasLabel(present, other)) await labels.remove(other);
  await labels.add(name);
}
