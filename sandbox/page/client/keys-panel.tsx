import { useEffect, useRef, useState } from 'preact/hooks';
import { Key } from '../ui/parts.tsx';
import { lettersOff, setLettersOff } from './keys.ts';

const KEYS: [string, string][] = [
  ['c', 'comment'],
  ['/', 'begin a command'],
  ['1 2 3', 'act as the first, second, third person'],
  ['n', 'open a pull request'],
  ['p', 'push a commit'],
  ['j k', 'move in a list'],
  ['.', 'show what is newer'],
  ['y', 'copy the link of this page'],
  ['g p', 'pull requests'],
  ['g j', 'jobs'],
  ['Esc', 'close, leave the field'],
];

/** The list of keys, and the switch that turns letters off. */
export function KeysPanel({ close }: { close(): void }) {
  const panel = useRef<HTMLDialogElement>(null);
  const [off, setOff] = useState(lettersOff());
  useEffect(() => panel.current?.showModal(), []);
  return (
    <dialog class="keys-panel" ref={panel} onClose={close} aria-label="Keys">
      <h2>Keys</h2>
      <dl>
        {KEYS.map(([key, words]) => (
          <div key={key}>
            <dt>
              {key.split(' ').map((one) => (
                <Key key={one}>{one}</Key>
              ))}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <p>
        <button
          type="button"
          class="button"
          aria-pressed={off}
          onClick={() => {
            setLettersOff(!off);
            setOff(!off);
          }}
        >
          {off ? 'Letters are off: turn on' : 'Turn letters off'}
        </button>
        <button type="button" class="button" onClick={() => panel.current?.close()}>
          Close
        </button>
      </p>
    </dialog>
  );
}
