import { useEffect, useRef, useState } from 'preact/hooks';
import type { Box } from '../views.ts';
import { scrollToEnd } from './conversation.tsx';
import { usePage } from './page.tsx';
import { useCompletion } from './use-completion.ts';

/** The text in the box on its way to GitHub: typed, filled in by a step or a key, sent, or refused and kept. */
export function useWriting(box: Box) {
  const { draft, send, tell } = usePage();
  const [text, setText] = useState(box.text);
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState(box.problem);
  const [begun, setBegun] = useState(0);
  const field = useRef<HTMLTextAreaElement>(null);
  const completion = useCompletion(field, text, setText);

  useEffect(() => {
    if (draft.turn === 0) return;
    const typedByReader = text !== '' && text !== box.text;
    setText(draft.text === '/' && typedByReader ? `${text}\n/` : draft.text);
    setBegun(draft.turn);
    field.current?.focus();
  }, [draft]);
  useEffect(() => {
    if (begun === 0) return;
    field.current?.setSelectionRange(text.length, text.length);
    completion.typed();
  }, [begun]);
  useEffect(() => fitHeight(field.current), [text]);

  async function submit(): Promise<void> {
    if (sending || text.trim() === '') return;
    // The button is disabled while it sends and would drop the focus; in the field it stays where the reader has it.
    const byButton = document.activeElement !== field.current;
    setSending(true);
    const refusal = await send(box.action, { body: text });
    setSending(false);
    setProblem(refusal);
    if (refusal === null) {
      setText('');
      scrollToEnd();
    } else tell(`Not sent: ${refusal}`, true);
    if (byButton) field.current?.focus();
  }

  return { text, setText, sending, problem, field, completion, submit };
}

function fitHeight(field: HTMLTextAreaElement | null): void {
  if (field) field.rows = Math.min(10, Math.max(1, field.value.split('\n').length));
}
