import { hydrate } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { App } from '../ui/app.tsx';
import type { View } from '../views.ts';
import { listenForKeys } from './keys.ts';
import { Reader } from './reader.ts';

function Root({ first }: { first: View }) {
  const [, setTurn] = useState(0);
  const reader = useMemo(() => new Reader(first, () => setTurn((turn) => turn + 1)), [first]);
  useEffect(() => {
    reader.start();
    listenForKeys(reader);
    document.documentElement.classList.add('awake');
  }, [reader]);
  useEffect(() => reader.settle());
  return <App view={reader.view} reader={reader.state} />;
}

const data = document.getElementById('view');
const root = document.getElementById('app');
if (data?.textContent && root) hydrate(<Root first={JSON.parse(data.textContent)} />, root);
