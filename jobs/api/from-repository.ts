import { FROM_REPOSITORY } from './labels.ts';
import type { ObjectMeta } from './prowjob.ts';

/** What is noted of a job that its repository declares, for which whoever opens a pull request may be the author. Prow has no such thing. */
export interface FromRepository {
  /** Secrets and config maps that the declaration itself names, those of presets that it chose included. */
  secrets: string[];
  /** The organizations whose code may be fetched with the operator's token: its own, and those that the operator's jobs for the repository clone from. */
  token_orgs: string[];
}

/** The note as an annotation. */
export function fromRepositoryNote(note: FromRepository): Record<string, string> {
  return { [FROM_REPOSITORY]: JSON.stringify(note) };
}

/** The note on a job; undefined where the operator declares it. */
export function fromRepository({ annotations }: Pick<ObjectMeta, 'annotations'>): FromRepository | undefined {
  const text = annotations?.[FROM_REPOSITORY];
  return text === undefined ? undefined : (JSON.parse(text) as FromRepository);
}
