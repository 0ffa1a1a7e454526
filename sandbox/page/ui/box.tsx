import { useEffect, useRef, useState } from 'preact/hooks';
import type { Box } from '../views.ts';
import { Completion, useCompletion } from './completion-list.tsx';
import { scrollToEnd } from './conversation.tsx';
import { useChrome, usePage } from './page.tsx';
import { Face, Key } from './parts.tsx';
import { StateMark } from './states.tsx';
import { ActingAs, BackHere } from './topbar.tsx';

/** The command box at the bottom of the conversation. The text stays until GitHub has it; a failure keeps it and says why. */
export function CommandBox({ box }: { box: Box }) {
  const { actor } = useChrome();
  const { awake, draft, send, tell } = usePage();
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
    setSending(true);
    const refusal = await send(box.action, { body: text });
    setSending(false);
    setProblem(refusal);
    if (refusal === null) {
      setText('');
      scrollToEnd();
    } else tell(`Not sent: ${refusal}`, true);
    field.current?.focus();
  }

  return (
    <div class="box-dock">
      <Completion completion={completion} />
      <div class="narrow-only box-acting">
        <ActingAs />
      </div>
      <form
        class="box"
        method="post"
        action={box.action}
        onSubmit={(event) => {
          if (!awake) return;
          event.preventDefault();
          void submit();
        }}
      >
        <BackHere />
        {problem === null ? null : (
          <p class="box-problem" role="alert">
            <StateMark state="failure" quiet /> Not sent: {problem}
          </p>
        )}
        <textarea
          ref={field}
          id="box"
          name="body"
          rows={1}
          value={text}
          class={text.startsWith('/') ? 'mono' : ''}
          aria-label={`Comment as ${actor}, or / for a command`}
          placeholder="Comment, or / for a command"
          autocomplete="off"
          spellcheck={false}
          {...completion.aria}
          onInput={(event) => {
            setText(event.currentTarget.value);
            completion.typed();
          }}
          onKeyDown={(event) => {
            if (completion.key(event)) return;
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
              event.preventDefault();
              void submit();
            } else if (event.key === 'Escape') event.currentTarget.blur();
          }}
          onBlur={completion.close}
        />
        <div class="box-foot">
          <Face login={actor} />
          <span class="box-who">
            Comment as <b>{actor}</b>
          </span>
          {box.closed ? <span class="box-closed">This is closed: most commands do nothing here.</span> : null}
          <span class="box-keys">
            {text === '' ? (
              <>
                <Key>c</Key> to write
              </>
            ) : (
              <>
                <Key>Ctrl</Key>
                <Key>Enter</Key>
              </>
            )}
          </span>
          <button type="submit" class="button primary" disabled={awake && (sending || text.trim() === '')}>
            Comment
          </button>
        </div>
      </form>
    </div>
  );
}

function fitHeight(field: HTMLTextAreaElement | null): void {
  if (!field) return;
  field.rows = Math.min(10, Math.max(1, field.value.split('\n').length));
}
