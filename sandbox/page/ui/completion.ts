import type { CommandRow } from '../views.ts';

/** The command being written: where its line starts in the text, and what stands there up to the cursor. */
export interface Typing {
  start: number;
  typed: string;
}

/** The command under the cursor, where its line starts with `/` and nothing stands after the cursor on that line. */
export function typingAt(text: string, cursor: number): Typing | null {
  const start = text.lastIndexOf('\n', cursor - 1) + 1;
  const typed = text.slice(start, cursor);
  const rest = text.slice(cursor).split('\n')[0] ?? '';
  if (!typed.startsWith('/') || typed.length > 60 || rest.trim() !== '') return null;
  return { start, typed };
}

/** Commands that begin with what is typed: those that may work first, then the greyed ones, each in the given order. */
export function matching(commands: CommandRow[], typed: string): CommandRow[] {
  const wanted = typed.toLowerCase();
  const hits = commands.filter(({ command }) => command.toLowerCase().startsWith(wanted));
  if (hits.length === 1 && hits[0]?.command === typed) return [];
  return [...hits.filter(({ off }) => off === null), ...hits.filter(({ off }) => off !== null)];
}

/** The text and the cursor after `command` has replaced what was typed. */
export function inserted(text: string, typing: Typing, command: string): { text: string; cursor: number } {
  const before = text.slice(0, typing.start);
  const after = text.slice(typing.start + typing.typed.length);
  return { text: before + command + after, cursor: before.length + command.length };
}

type KeyAction = 'next' | 'previous' | 'insert' | 'close';

/** What a key does in the open list: Tab always inserts, Enter only once an arrow key has `moved`; null leaves it to the field. */
export function keyAction(
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey'>,
  moved: boolean,
): KeyAction | null {
  if (event.key === 'ArrowDown') return 'next';
  if (event.key === 'ArrowUp') return 'previous';
  if (event.key === 'Escape') return 'close';
  if (event.key === 'Tab' && !event.shiftKey) return 'insert';
  return event.key === 'Enter' && moved && !event.ctrlKey && !event.metaKey ? 'insert' : null;
}
