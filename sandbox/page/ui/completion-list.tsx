import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { CommandRow } from '../views.ts';
import { inserted, matching, type Typing, typingAt } from './completion.ts';
import { usePage } from './page.tsx';
import { Key } from './parts.tsx';

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

  useEffect(() => {
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
    if (!open || !row) return false;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const step = event.key === 'ArrowDown' ? 1 : rows.length - 1;
      setSelected((selected + step) % rows.length);
      setMoved(true);
    } else if (event.key === 'Tab' && !event.shiftKey) choose(row);
    else if (event.key === 'Enter' && moved && !event.ctrlKey && !event.metaKey) choose(row);
    else if (event.key === 'Escape') close();
    else return false;
    event.preventDefault();
    return true;
  }

  const aria = {
    'aria-autocomplete': 'list' as const,
    'aria-haspopup': 'listbox' as const,
    ...(open ? { 'aria-controls': 'completion', 'aria-activedescendant': `completion-${selected}` } : {}),
  };
  return { open, rows, typing, selected, total: commands.length, aria, choose, close, typed, key };
}

/** The open list, in place between the talk and the box. */
export function Completion({ completion }: { completion: ReturnType<typeof useCompletion> }) {
  const { open, rows, typing, selected, total, choose } = completion;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  if (!open || !typing) return null;
  return (
    <div class="completion">
      <div id="completion" role="listbox" aria-label="Commands" ref={list}>
        {rows.map((row, index) => (
          <div
            key={row.command}
            id={`completion-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === selected}
            class={row.off === null ? '' : 'off'}
            onMouseDown={(event) => {
              event.preventDefault();
              choose(row);
            }}
          >
            <code>
              <b>{row.command.slice(0, typing.typed.length)}</b>
              {row.command.slice(typing.typed.length)}
            </code>
            <span class="effect">{row.effect}</span>
            <span class="who">{row.off ?? row.who}</span>
          </div>
        ))}
      </div>
      <p class="completion-keys">
        <Key>↑</Key>
        <Key>↓</Key> choose <Key>Tab</Key> insert <Key>Esc</Key> close
        <span>
          {rows.length} of {total} commands
        </span>
      </p>
    </div>
  );
}
