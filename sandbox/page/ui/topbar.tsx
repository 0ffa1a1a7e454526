import type { Section, Theme } from '../views.ts';
import { group } from './format.ts';
import { Brand, Icon } from './icons.tsx';
import { type LiveState, useChrome, usePage } from './page.tsx';
import { Face } from './parts.tsx';

const NEXT_THEME: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const THEME_WORDS: Record<Theme, string> = { system: 'as the system', light: 'light', dark: 'dark' };

/** The sticky bar: mark and name, pages, live sign, whom you act as, theme. */
export function TopBar() {
  return (
    <header class="topbar">
      <a class="skip" href="#content">
        Skip to content
      </a>
      <a class="brand" href="/">
        <Brand />
        <span>Cutwater</span>
      </a>
      <span class="tag brand-tag">Sandbox</span>
      <nav class="pages wide-only" aria-label="Pages">
        <PageLinks />
      </nav>
      <LiveSign />
      <span class="acting-label">Acting as</span>
      <div class="wide-only">
        <ActingAs />
      </div>
      <span class="wide-only">
        <JobsLink />
      </span>
      <span class="wide-only">
        <ThemeSwitch />
      </span>
      <details class="menu narrow-only">
        <summary class="icon-button">
          <Icon name="menu" />
          <span class="unseen">Menu</span>
        </summary>
        <div class="menu-panel menu-right">
          <nav class="menu-links" aria-label="Pages">
            <PageLinks />
            <JobsLink />
          </nav>
          <ThemeSwitch words />
        </div>
      </details>
    </header>
  );
}

function PageLinks() {
  const { section, repo, deliveries } = useChrome();
  const link = (name: Section, href: string, words: string, number?: number) => (
    <a href={href} aria-current={section === name ? 'page' : undefined}>
      {words}
      {number === undefined ? null : <span class="count">{group(number)}</span>}
    </a>
  );
  return (
    <>
      {link('pulls', `/${repo}/pulls`, 'Pull requests')}
      {link('issues', `/${repo}/issues`, 'Issues')}
      {link('deliveries', '/-/deliveries', 'Deliveries', deliveries)}
      {link('configuration', '/-/configuration', 'Configuration')}
    </>
  );
}

function JobsLink() {
  const { jobsUrl } = useChrome();
  if (!jobsUrl) return null;
  return (
    <a class="jobs-link" href={jobsUrl}>
      Jobs
      <Icon name="outside" />
    </a>
  );
}

const LIVE_WORDS: Record<LiveState, string> = {
  off: '',
  live: 'Live',
  'catching-up': 'Catching up',
  stale: 'Not live',
};

/** Says in shape and word whether the page follows what happens. Without a script it is empty. */
function LiveSign() {
  const { live } = usePage();
  return (
    <span class={`live live-${live}`} role="status">
      {live === 'off' ? null : (
        <>
          <svg width="8" height="8" viewBox="0 0 8 8" aria-hidden="true" focusable="false">
            <path d={live === 'live' ? 'M4 0a4 4 0 1 1 0 8 4 4 0 0 1 0-8z' : 'M4 0a4 4 0 0 1 0 8z'} />
          </svg>
          {LIVE_WORDS[live]}
        </>
      )}
    </span>
  );
}

/** One switch of the people one can be here, with their roles. */
export function ActingAs() {
  const { people, actor } = useChrome();
  const { awake, actAs } = usePage();
  return (
    <form
      class="acting"
      method="post"
      action="/-/acting-as"
      onSubmit={(event) => {
        if (awake) event.preventDefault();
      }}
    >
      <BackHere />
      <fieldset>
        <legend class="unseen">Acting as</legend>
        {people.map((person) => (
          <button
            key={person.login}
            type="submit"
            name="login"
            value={person.login}
            aria-pressed={person.login === actor}
            onClick={() => actAs(person.login)}
          >
            <Face login={person.login} />
            <span class="acting-name">{person.login}</span>
            <span class="acting-role">{person.role}</span>
          </button>
        ))}
      </fieldset>
    </form>
  );
}

/** Where a form leads back to when scripts do not run. */
export function BackHere() {
  return <input type="hidden" name="back" value={useChrome().path} />;
}

function ThemeSwitch({ words = false }: { words?: boolean }) {
  const { theme } = useChrome();
  const { awake, setTheme } = usePage();
  const next = NEXT_THEME[theme];
  const name = `Theme: ${THEME_WORDS[theme]}. Change to ${THEME_WORDS[next]}`;
  return (
    <form
      method="post"
      action="/-/theme"
      onSubmit={(event) => {
        if (awake) event.preventDefault();
      }}
    >
      <BackHere />
      <button
        type="submit"
        name="theme"
        value={next}
        class={words ? 'menu-button' : 'icon-button'}
        title={name}
        onClick={() => setTheme(next)}
      >
        <Icon name="theme" />
        <span class={words ? '' : 'unseen'}>{words ? `Theme: ${THEME_WORDS[theme]}` : name}</span>
      </button>
    </form>
  );
}
