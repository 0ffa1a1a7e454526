import { type Fact, fieldsOf, type Shown } from '../inbox/facts.ts';

/** Something that happened to an issue or pull request and that no delivery told. */
export interface Change {
  action: string;
  /** What a payload of that action holds beside the issue or pull request. */
  with: Record<string, unknown>;
  /** In an issue's events, what has become of it: who did it, and when. */
  recorded?: { event: string; label?: string };
}

export interface Known {
  /** The last that deliveries told, by field. */
  facts: ReadonlyMap<string, Pick<Fact, 'value' | 'at'>>;
  /** When the gap began, in milliseconds since 1970. */
  since: number;
}

/**
 * What deliveries would have told about an issue or pull request, from what they did tell and what GitHub shows now. What nothing was told about before the
 * gap counts as seen, but for the head of a pull request, which is younger than the gap where its commit is (`committedAt`). Of one that is closed by now
 * nobody hears that it was opened or pushed to: jobs for it would be of no use.
 */
export function changesOf(
  now: Shown & { created_at?: string },
  { facts, since }: Known,
  committedAt?: number,
): Change[] {
  const isOpen = now.state === 'open';
  const isNew = !facts.has('title') && Date.parse(now.created_at ?? '') >= since;
  if (isNew) return [isOpen ? { action: 'opened', with: {} } : stateChange('closed')];
  const shown = fieldsOf(now);
  const changed = (field: string): string | undefined => {
    const before = facts.get(field);
    return before && shown[field] !== undefined && before.value !== shown[field] ? before.value : undefined;
  };
  const state = changed('state') !== undefined && stateChange(isOpen ? 'reopened' : 'closed');
  return [
    ...edited(changed),
    ...(isOpen ? drafted(changed('draft'), shown.draft) : []),
    ...labelled(changed('labels'), shown.labels),
    ...(state ? [state] : []),
    ...(isOpen ? pushed(facts.get('head')?.value, shown.head, committedAt !== undefined && committedAt >= since) : []),
  ];
}

type Changed = (field: string) => string | undefined;

function edited(changed: Changed): Change[] {
  const [title, body, base] = [changed('title'), changed('body'), changed('base')];
  const changes = {
    ...(title !== undefined && { title: { from: title } }),
    ...(body !== undefined && { body: { from: '' } }),
    ...(base !== undefined && { base: { ref: { from: base } } }),
  };
  if (Object.keys(changes).length === 0) return [];
  return [{ action: 'edited', with: { changes }, ...(title !== undefined && { recorded: { event: 'renamed' } }) }];
}

function drafted(before: string | undefined, now: string | undefined): Change[] {
  if (before === undefined) return [];
  const [action, event] =
    now === 'true' ? ['converted_to_draft', 'convert_to_draft'] : ['ready_for_review', 'ready_for_review'];
  return [{ action, with: {}, recorded: { event } }];
}

function labelled(before: string | undefined, now: string | undefined): Change[] {
  if (before === undefined) return [];
  const [had, has] = [before, now ?? '[]'].map((list) => JSON.parse(list) as string[]);
  const change = (action: 'labeled' | 'unlabeled', label: string): Change => ({
    action,
    with: { label: { name: label } },
    recorded: { event: action, label },
  });
  const removed = (had ?? []).filter((name) => !has?.includes(name)).map((name) => change('unlabeled', name));
  const added = (has ?? []).filter((name) => !had?.includes(name)).map((name) => change('labeled', name));
  return [...removed, ...added];
}

function pushed(before: string | undefined, after: string | undefined, isYoung: boolean): Change[] {
  if (after === undefined || before === after || (before === undefined && !isYoung)) return [];
  return [{ action: 'synchronize', with: { before, after }, recorded: { event: 'head_ref_force_pushed' } }];
}

function stateChange(action: 'closed' | 'reopened'): Change {
  return { action, with: {}, recorded: { event: action } };
}
