export interface KeyActions {
  actAs(index: number): void;
  command(): void;
  newer(): void;
  copyLink(): void;
  help(): void;
}

const OFF = 'cutwater-keys-off';

/** Letters can be turned off, for people whose speech or other input produces them. */
export function lettersOff(): boolean {
  return localStorage.getItem(OFF) === '1';
}

export function setLettersOff(off: boolean): void {
  if (off) localStorage.setItem(OFF, '1');
  else localStorage.removeItem(OFF);
}

/** Keys of the sandbox's page. Letters never act in a field or together with Ctrl, Alt or ⌘. */
export function listenForKeys(actions: KeyActions): void {
  let afterG = false;
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') closeMenus();
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || inField(event.target)) return;
    if (event.key === '?') return handled(event, actions.help);
    if (lettersOff()) return;
    const went = afterG && goTo(event.key);
    afterG = event.key === 'g';
    if (went || afterG) return event.preventDefault();
    const action = actionOf(event.key, actions);
    if (action) handled(event, action);
  });
}

function handled(event: KeyboardEvent, action: () => void): void {
  event.preventDefault();
  action();
}

function actionOf(key: string, actions: KeyActions): (() => void) | null {
  switch (key) {
    case 'c':
      return () => find<HTMLElement>('#box')?.focus();
    case '/':
      return actions.command;
    case '1':
    case '2':
    case '3':
      return () => actions.actAs(Number(key) - 1);
    case 'n':
      return () => follow('.side-action a');
    case 'p':
      return () => find<HTMLElement>('.push button')?.click();
    case '.':
      return actions.newer;
    case 'y':
      return actions.copyLink;
    case 'j':
    case 'ArrowDown':
      return moveCursor(1);
    case 'k':
    case 'ArrowUp':
      return moveCursor(-1);
    case 'Home':
      return moveCursor(-Infinity);
    case 'End':
      return moveCursor(Infinity);
    default:
      return null;
  }
}

const PLACES: Record<string, string> = { p: '.pages a:nth-child(1)', j: '.jobs-link' };

function goTo(key: string): boolean {
  const place = PLACES[key];
  if (!place) return false;
  follow(place);
  return true;
}

function find<T extends Element>(selector: string): T | null {
  return document.querySelector<T>(selector);
}

function follow(selector: string): void {
  const link = find<HTMLAnchorElement>(selector);
  if (link) location.assign(link.href);
}

/** Closes open menus; the focus goes back to the button that opened them. */
function closeMenus(): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.menu[open]')) {
    const held = menu.contains(document.activeElement);
    menu.open = false;
    if (held) menu.querySelector('summary')?.focus();
  }
}

/** Moves the cursor of the page's list; null where there is none, so that arrows scroll. */
function moveCursor(step: number): (() => void) | null {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-list] tbody tr')];
  if (rows.length === 0) return null;
  return () => {
    const now = rows.findIndex((row) => row.classList.contains('cursor'));
    const next = Math.max(0, Math.min(rows.length - 1, now + step));
    rows[now]?.classList.remove('cursor');
    rows[next]?.classList.add('cursor');
    rows[next]?.querySelector('a')?.focus();
  };
}

function inField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;
}
