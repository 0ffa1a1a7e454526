import type { Box } from '../views.ts';
import { Completion } from './completion-list.tsx';
import { useChrome, usePage } from './page.tsx';
import { Face, Key } from './parts.tsx';
import { StateMark } from './states.tsx';
import { ActingAs, BackHere } from './topbar.tsx';
import { useWriting } from './use-writing.ts';

/** The command box at the bottom of the conversation. The text stays until GitHub has it; a failure keeps it and says why. */
export function CommandBox({ box }: { box: Box }) {
  const { awake } = usePage();
  const writing = useWriting(box);
  return (
    <div class="box-dock">
      <Completion completion={writing.completion} />
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
          void writing.submit();
        }}
      >
        <BackHere />
        {writing.problem === null ? null : (
          <p class="box-problem" role="alert">
            <StateMark state="failure" quiet /> Not sent: {writing.problem}
          </p>
        )}
        <Field writing={writing} />
        <Foot box={box} writing={writing} />
      </form>
    </div>
  );
}

type Writing = ReturnType<typeof useWriting>;

function Field({ writing }: { writing: Writing }) {
  const { actor } = useChrome();
  const { text, setText, completion, field, submit } = writing;
  return (
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
  );
}

function Foot({ box, writing }: { box: Box; writing: Writing }) {
  const { actor } = useChrome();
  const { awake } = usePage();
  const { text, sending } = writing;
  return (
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
  );
}
