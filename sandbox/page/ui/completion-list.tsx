import { useEffect, useRef } from 'preact/hooks';
import { isAtEnd, scrollToEnd } from './conversation.tsx';
import { Key } from './parts.tsx';
import type { useCompletion } from './use-completion.ts';

/** The open list, in place between the talk and the box. */
export function Completion({ completion }: { completion: ReturnType<typeof useCompletion> }) {
  const { open, rows, typing, selected, total, choose } = completion;
  const list = useRef<HTMLDivElement>(null);
  // Who looks at the end of the talk goes on seeing it: the list pushes it up and covers nothing.
  const atEnd = open && isAtEnd();
  useEffect(() => {
    if (atEnd) scrollToEnd();
  }, [open, rows.length]);
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
