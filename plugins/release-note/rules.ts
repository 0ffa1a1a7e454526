export const NOTE = 'release-note';
export const NONE = 'release-note-none';
export const ACTION = 'release-note-action-required';
export const NEEDED = 'do-not-merge/release-note-label-needed';
export const DEPRECATION = 'kind/deprecation';
export const NOTE_LABELS = [NONE, ACTION, NEEDED, NOTE];

/** More parents than this are not looked at: the list stands in the description, which anybody may fill. */
const MAX_PARENTS = 50;

const BLOCK = /(?:Release note\*\*:\s*(?:<!--[^<>]*-->\s*)?```(?:release-note)?|```release-note)(.+?)```/ds;
const NOTHING = /^\W*(?:none|no)\W*$/i;
const PARENT = /Cherry pick of #(\d+) on release-\d+\.\d+./;

/** The text of the first release-note block, trimmed; "" where there is none (Prow: pkg/plugins/releasenote, getReleaseNote). */
export function noteOf(body: string): string {
  return BLOCK.exec(body)?.[1]?.trim() ?? '';
}

/** `body` with another text in its release-note block; undefined where it has none. */
export function withNote(body: string, note: string): string | undefined {
  const [start, end] = BLOCK.exec(body)?.indices?.[1] ?? [];
  if (start === undefined || end === undefined) return undefined;
  return `${body.slice(0, start)}\r\n${note}\r\n${body.slice(end)}`;
}

/** The release-note label that a description and the other labels ask for. */
export function labelFor(body: string, labels: readonly string[]): string {
  const note = noteOf(body).toLowerCase();
  const nothing = NOTHING.test(note);
  if ((note === '' || nothing) && labels.includes(DEPRECATION)) return NEEDED;
  if (note === '') return labels.includes(NONE) ? NONE : NEEDED;
  if (nothing) return NONE;
  return note.includes('action required') ? ACTION : NOTE;
}

/** Whether the labels tell of a release note. */
export function hasNote(labels: readonly string[]): boolean {
  return labels.includes(NOTE) || labels.includes(ACTION);
}

/** The pull requests that this one says it is a cherry-pick of. */
export function parentsOf(body: string): number[] {
  const found = body.split('\n').flatMap((line) => {
    const number = Number(PARENT.exec(line)?.[1]);
    return Number.isSafeInteger(number) ? [number] : [];
  });
  return [...new Set(found)].slice(0, MAX_PARENTS);
}
