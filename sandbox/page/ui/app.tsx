import type { View } from '../views.ts';
import { ConfigurationPage, MessagePage, OpenPullPage } from './configuration.tsx';
import { DeliveriesPage, DeliveryPage } from './deliveries.tsx';
import { exact } from './format.ts';
import { Icon } from './icons.tsx';
import { IssuePage, ListPage } from './issues.tsx';
import { ChromeContext, type Page, PageContext } from './page.tsx';
import { PullPage } from './pull.tsx';
import { SideColumn } from './sidebar.tsx';
import { Toasts } from './toasts.tsx';
import { TopBar } from './topbar.tsx';

/** The whole page; the same on the server and in the browser. */
export function App({ view, page }: { view: View; page: Page }) {
  return (
    <PageContext.Provider value={page}>
      <ChromeContext.Provider value={view.chrome}>
        <TopBar />
        <StaleBanner page={page} />
        <div class={`columns columns-${view.kind}`}>
          <aside class="left" aria-label="Pull requests and what to try">
            <SideColumn sidebar={view.sidebar} />
          </aside>
          <Body view={view} />
        </div>
        <Toasts page={page} />
      </ChromeContext.Provider>
    </PageContext.Provider>
  );
}

function Body({ view }: { view: View }) {
  switch (view.kind) {
    case 'pull':
      return <PullPage view={view} />;
    case 'issue':
      return <IssuePage view={view} />;
    case 'list':
      return <ListPage view={view} />;
    case 'deliveries':
      return <DeliveriesPage view={view} />;
    case 'delivery':
      return <DeliveryPage view={view} />;
    case 'configuration':
      return <ConfigurationPage view={view} />;
    case 'open-pull':
      return <OpenPullPage view={view} />;
    case 'message':
      return <MessagePage view={view} />;
  }
}

function StaleBanner({ page }: { page: Page }) {
  if (page.live !== 'stale') return null;
  const seconds = page.retryInSeconds;
  return (
    <div class="banner banner-pending stale" role="status">
      <Icon name="clock" />
      <span>
        <b>Not live since {exact(new Date(page.goodAt).toISOString()).slice(11)}</b>
        <br />
        This page shows what was known then. {seconds > 0 ? `Trying again in ${seconds} s.` : 'Trying again.'}
      </span>
      <button type="button" class="button" onClick={page.retry}>
        Try now
      </button>
    </div>
  );
}
