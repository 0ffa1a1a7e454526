import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { CommandRow } from '../views.ts';
import { inserted, keyAction, matching, type Typing, typingAt } from './completion.ts';
import { usePage } from './page.tsx';

/** Completion of the command on the cursor's line: Tab always inserts, Enter only after an arrow key, Esc closes. */
export function useCompletion(
  field: RefObject<HTMLTextAreaElement | null>,
  text: string,
  setText: (text: string) => void,
) {
  const { commands } = usePage();
  const [typing, setTyping] = useState<Typing | null>(null);
  const [selected, setSelected] = useState(0);
  const [moved, setMoved] = useState(false);
  const cursor = useRef<number | null>(null);
  const rows = typing ? matching(commands, typing.typed) : [];
  const open = rows.length > 0;

  // Before the page is painted: what is typed next goes where the reader sees the cursor.
  useLayoutEffect(() => {
    if (cursor.current === null) return;
    field.current?.setSelectionRange(cursor.current, cursor.current);
    cursor.current = null;
  }, [text]);

  function close(): void {
    setTyping(null);
    setMoved(false);
    setSelected(0);
  }
  function choose(row: CommandRow): void {
    if (!typing) return;
    const result = inserted(text, typing, row.command);
    cursor.current = result.cursor;
    setText(result.text);
    close();
    field.current?.focus();
  }
  function typed(): void {
    const at = field.current;
    setMoved(false);
    setSelected(0);
    setTyping(at ? typingAt(at.value, at.selectionStart) : null);
  }
  function key(event: KeyboardEvent): boolean {
    const row = rows[selected];
    const action = open && row ? keyAction(event, moved) : null;
    if (!action || !row) return false;
    if (action === 'insert') choose(row);
    else if (action === 'close') close();
    else {
      setSelected((selected + (action === 'next' ? 1 : rows.length - 1)) % rows.length);
      setMoved(true);
    }
    event.preventDefault();
    return true;
  }

  return {
    open,
    rows,
    typing,
    selected,
    total: commands.length,
    aria: ariaOf(open, selected),
    choose,
    close,
    typed,
    key,
  };
}

/** What tells a screen reader of the list below the field. */
function ariaOf(open: boolean, selected: number) {
  return {
    'aria-autocomplete': 'list' as const,
    'aria-haspopup': 'listbox' as const,
    ...(open ? { 'aria-controls': 'completion', 'aria-activedescendant': `completion-${selected}` } : {}),
  };
}
