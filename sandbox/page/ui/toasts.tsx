import { useEffect, useState } from 'preact/hooks';
import { Icon } from './icons.tsx';
import type { Page, Toast } from './page.tsx';
import { StateMark } from './states.tsx';

const SHOWN_MS = 6000;

/** At most three, bottom left; they go by themselves unless held by pointer or focus, and errors stay. */
export function Toasts({ page }: { page: Page }) {
  return (
    <div class="toasts" role="status">
      {page.toasts.slice(-3).map((toast) => (
        <ToastView key={toast.id} toast={toast} dismiss={() => page.dismiss(toast.id)} />
      ))}
    </div>
  );
}

function ToastView({ toast, dismiss }: { toast: Toast; dismiss(): void }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held || toast.bad) return undefined;
    const timer = setTimeout(dismiss, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [held, toast.bad]);
  const hold = () => setHeld(true);
  const release = () => setHeld(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointing at it only keeps it from going away
    <div class="toast" onMouseEnter={hold} onMouseLeave={release} onFocusCapture={hold} onBlurCapture={release}>
      <StateMark state={toast.bad ? 'failure' : 'success'} quiet />
      <span>{toast.words}</span>
      <button type="button" class="icon-button" onClick={dismiss}>
        <Icon name="close" />
        <span class="unseen">Dismiss</span>
      </button>
    </div>
  );
}
