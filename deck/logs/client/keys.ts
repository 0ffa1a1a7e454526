import type { Reader } from './reader.ts';

/** Keys of a log page; letters never act in a field or together with Ctrl, Alt or ⌘. */
export function listenForKeys(reader: Reader): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target instanceof HTMLElement && event.target.closest('input, textarea, select')) return;
    const action = actionOf(event.key, reader);
    if (!action) return;
    event.preventDefault();
    action();
  });
}

function actionOf(key: string, reader: Reader): (() => void) | null {
  switch (key) {
    case 'e':
      return () => reader.nextFinding(1);
    case 'E':
      return () => reader.nextFinding(-1);
    case 'l':
      return () => reader.setFollow(!reader.state.follow);
    case 'w':
      return () => reader.state.setWrap(!reader.state.wrap);
    case 'y':
      return () => void navigator.clipboard.writeText(location.href);
    default:
      return null;
  }
}
