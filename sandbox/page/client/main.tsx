import { hydrate } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { App } from '../ui/app.tsx';
import type { View } from '../views.ts';
import { listenForKeys } from './keys.ts';
import { KeysPanel } from './keys-panel.tsx';
import { Reader } from './reader.ts';

function Root({ first }: { first: View }) {
  const [, setTurn] = useState(0);
  const [keys, setKeys] = useState(false);
  const reader = useMemo(() => new Reader(first, () => setTurn((turn) => turn + 1)), [first]);
  useEffect(() => {
    void reader.start();
    listenForForms(reader);
    listenForKeys({
      actAs: (index) => reader.actAsNumber(index),
      command: () => reader.begin('/'),
      newer: () => reader.showNewer(),
      copyLink: () => void navigator.clipboard.writeText(location.href).then(() => reader.tell('Link copied')),
      help: () => setKeys(true),
    });
    document.documentElement.classList.add('awake');
  }, [reader]);
  return (
    <>
      <App view={reader.view} page={reader.page} />
      {keys ? <KeysPanel close={() => setKeys(false)} /> : null}
    </>
  );
}

/** Forms marked `data-send` are sent by script, so that the page stays where it is. */
function listenForForms(reader: Reader): void {
  document.addEventListener('submit', async (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset.send === undefined) return;
    event.preventDefault();
    const problem = await reader.submit(form.action, new FormData(form, event.submitter));
    if (problem) reader.tell(problem, true);
    else form.closest<HTMLDetailsElement>('details')?.removeAttribute('open');
  });
}

const data = document.getElementById('view');
const root = document.getElementById('app');
if (data?.textContent && root) hydrate(<Root first={JSON.parse(data.textContent)} />, root);
