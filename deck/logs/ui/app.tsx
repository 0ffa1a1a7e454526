import type { Theme, View } from '../views.ts';
import { JobPage } from './job.tsx';
import { JobsPage } from './jobs.tsx';
import type { LiveState, ReaderState } from './reader-state.ts';

const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const LIVE_WORDS: Record<LiveState, string> = {
  off: '',
  live: 'Live',
  'catching-up': 'Catching up',
  stale: 'Not live',
};

/** The whole page; the same on the server and in the browser. */
export function App({ view, reader }: { view: View; reader: ReaderState }) {
  return (
    <>
      <TopBar view={view} reader={reader} />
      {reader.live === 'stale' ? <Stale reader={reader} /> : null}
      <Body view={view} reader={reader} />
    </>
  );
}

function Body({ view, reader }: { view: View; reader: ReaderState }) {
  if (view.kind === 'job') return <JobPage view={view} reader={reader} />;
  if (view.kind === 'jobs') return <JobsPage view={view} now={reader.now} />;
  return (
    <main id="content" class="page empty" tabIndex={-1}>
      <h1>{view.heading}</h1>
      <p>{view.words}</p>
      <p>
        <a class="button" href="/">
          All jobs
        </a>
      </p>
    </main>
  );
}

function TopBar({ view, reader }: { view: View; reader: ReaderState }) {
  const next = NEXT[view.chrome.theme];
  return (
    <header class="topbar">
      <a class="skip" href="#content">
        Skip to content
      </a>
      <a class="brand" href="/">
        <svg class="brand-mark" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
          <path d="M9.4 1.2C6.1 5.6 3.6 11 2.6 18.4L9.4 14.6z" />
          <path d="M10.6 1.2c3.3 4.4 5.8 9.8 6.8 17.2l-6.8-3.8z" opacity="0.55" />
        </svg>
        <span>Cutwater</span>
      </a>
      <nav class="pages" aria-label="Pages">
        <a href="/" aria-current={view.kind === 'jobs' ? 'page' : 'true'}>
          Jobs
        </a>
      </nav>
      <span class={`live live-${reader.live}`} role="status">
        {reader.live === 'off' ? null : (
          <>
            <svg width="8" height="8" viewBox="0 0 8 8" aria-hidden="true" focusable="false">
              <path d={reader.live === 'live' ? 'M4 0a4 4 0 1 1 0 8 4 4 0 0 1 0-8z' : 'M4 0a4 4 0 0 1 0 8z'} />
            </svg>
            {LIVE_WORDS[reader.live]}
          </>
        )}
      </span>
      {reader.awake ? (
        <button
          type="button"
          class="icon-button"
          title={`Theme: change to ${next}`}
          onClick={() => reader.setTheme(next)}
        >
          <svg class="icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path class="stroke" d="M13.6 9.6A6 6 0 0 1 6.4 2.4 6 6 0 1 0 13.6 9.6z" />
          </svg>
          <span class="unseen">
            Theme: {view.chrome.theme}. Change to {next}
          </span>
        </button>
      ) : null}
    </header>
  );
}

function Stale({ reader }: { reader: ReaderState }) {
  return (
    <div class="banner banner-pending" role="status">
      <span>
        <b>Not live since {new Date(reader.goodAt).toISOString().slice(11, 19)} UTC</b>
        <br />
        This page shows what was known then. It tries again by itself.
      </span>
      <button type="button" class="button" onClick={reader.retry}>
        Try now
      </button>
    </div>
  );
}
