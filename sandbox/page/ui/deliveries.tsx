import type { DeliveriesView, DeliveryRow, DeliveryView } from '../views.ts';
import { count, group, took } from './format.ts';
import { Icon } from './icons.tsx';
import { Ago, Empty, Newer } from './parts.tsx';
import { RepoMenu } from './sidebar.tsx';
import { BackHere } from './topbar.tsx';

/** Every webhook that this GitHub sent, newest first. */
export function DeliveriesPage({ view }: { view: DeliveriesView }) {
  return (
    <main id="content" class="main wide-main" tabIndex={-1}>
      <header class="head">
        <RepoMenu sidebar={view.sidebar} />
        <h1>Deliveries</h1>
        <p class="head-facts head-last">
          <span>{count(view.total, 'webhook')} sent to the bot</span>
        </p>
      </header>
      {view.rows.length === 0 ? (
        <Empty heading="Nothing was delivered yet">
          <p>Say something on a pull request, and GitHub tells the bot of it here.</p>
        </Empty>
      ) : (
        <div class="tab-body">
          <Newer one="newer delivery" many="newer deliveries" />
          <table class="rows" data-list>
            <thead>
              <tr>
                <th scope="col">Event</th>
                <th scope="col">Answer</th>
                <th scope="col">Took</th>
                <th scope="col">When</th>
                <th scope="col">Delivery</th>
              </tr>
            </thead>
            <tbody>
              {view.rows.map((row) => (
                <Row key={row.id} row={row} />
              ))}
            </tbody>
          </table>
          {view.olderHref ? (
            <p class="more">
              <a class="button" href={view.olderHref}>
                Older deliveries
              </a>
            </p>
          ) : null}
        </div>
      )}
    </main>
  );
}

function Row({ row }: { row: DeliveryRow }) {
  return (
    <tr>
      <th scope="row" class="row-title">
        <a href={row.href}>
          <code>
            {row.event}
            {row.action ? `.${row.action}` : ''}
          </code>
        </a>
        {row.redelivery ? <span class="tag">again</span> : null}
      </th>
      <td>
        <AnswerWords row={row} />
      </td>
      <td class="second figure">{row.queued ? '–' : took(row.durationMs)}</td>
      <td class="second">
        <Ago at={row.at} />
      </td>
      <td class="second roomy-only">
        <code>{row.guid.slice(0, 8)}</code>
      </td>
    </tr>
  );
}

function AnswerWords({ row }: { row: DeliveryRow }) {
  if (row.queued) return <span class="second">on its way</span>;
  const bad = row.statusCode === 0 || row.statusCode >= 400;
  return (
    <span class={bad ? 'bad' : ''}>
      {row.statusCode || ''} {row.status}
    </span>
  );
}

/** One delivery: what was sent, what came back, and a way to send it again. */
export function DeliveryPage({ view }: { view: DeliveryView }) {
  const { delivery } = view;
  return (
    <main id="content" class="main wide-main" tabIndex={-1}>
      <header class="head">
        <RepoMenu sidebar={view.sidebar} />
        <p class="crumbs">
          <a href="/-/deliveries">Deliveries</a>
          <span aria-hidden="true">›</span>
          <code>{delivery.guid}</code>
        </p>
        <div class="head-row">
          <h1>
            {delivery.event}
            {delivery.action ? ` · ${delivery.action}` : ''}
          </h1>
          <form method="post" action={`${delivery.href}/again`} data-send>
            <BackHere />
            <button type="submit" class="button">
              <Icon name="back" />
              Redeliver
            </button>
          </form>
        </div>
        <p class="head-facts head-last">
          <span>
            <AnswerWords row={delivery} />
            {delivery.queued ? '' : ` in ${took(delivery.durationMs)}`}
          </span>
          <Ago at={delivery.at} />
          <span>
            to <code>{delivery.url}</code>
          </span>
        </p>
      </header>
      <div class="tab-body pair">
        <Message title="Request" headers={delivery.requestHeaders} body={delivery.requestBody} />
        <Message title="Answer" headers={delivery.responseHeaders} body={delivery.responseBody} />
      </div>
    </main>
  );
}

function Message({ title, headers, body }: { title: string; headers: [string, string][]; body: string }) {
  return (
    <section class="card message">
      <header>
        <h2>{title}</h2>
        <span class="hint">{group(body.length)} characters</span>
      </header>
      <dl class="headers">
        {headers.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {body === '' ? (
        <p class="hint">No body.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <pre class="body" tabIndex={0}>
          {body}
        </pre>
      )}
    </section>
  );
}
