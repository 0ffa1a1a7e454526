import type { ComponentChildren } from 'preact';
import type { Aside, StatusRow } from '../views.ts';
import { count, group, took } from './format.ts';
import { Ago, Face, Label } from './parts.tsx';
import { StateMark } from './states.tsx';

/** The right column: statuses, labels, reviewers, latest deliveries. */
export function AsideColumn({ aside }: { aside: Aside }) {
  return (
    <>
      {aside.statuses ? <Statuses statuses={aside.statuses} /> : null}
      <section>
        <h2>Labels</h2>
        {aside.labels.length ? (
          <ul class="labels">
            {aside.labels.map((label) => (
              <li key={label.name}>
                <Label label={label} />
              </li>
            ))}
          </ul>
        ) : (
          <p class="hint">None yet.</p>
        )}
      </section>
      {aside.reviewers ? <Reviewers reviewers={aside.reviewers} /> : null}
      <LatestDeliveries aside={aside} />
    </>
  );
}

/** "2 of 4 green", and what else there is to know in a line. */
function statusLine(statuses: StatusRow[]): string {
  if (statuses.length === 0) return 'none';
  const green = statuses.filter(({ state }) => state === 'success').length;
  return `${green} of ${statuses.length} green`;
}

/** The one state that stands for all: what needs someone first. */
function worst(statuses: StatusRow[]): StatusRow['state'] | null {
  for (const state of ['error', 'failure', 'pending', 'success'] as const) {
    if (statuses.some((status) => status.state === state)) return state;
  }
  return null;
}

function Statuses({ statuses }: { statuses: StatusRow[] }) {
  return (
    <section>
      <div class="aside-head">
        <h2>Statuses</h2>
        <span>{statusLine(statuses)}</span>
      </div>
      {statuses.length === 0 ? (
        <p class="hint">Tests set their status here once they may run.</p>
      ) : (
        <ul class="statuses">
          {statuses.map((status) => (
            <li key={status.context}>
              <StateMark key={status.state} state={status.state} quiet />
              <span class="status-context">{status.context}</span>
              {status.href ? (
                <a href={status.href} data-reads-log>
                  Log<span class="unseen"> of {status.context}</span>
                </a>
              ) : null}
              <span class="status-words">{status.description}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Reviewers({ reviewers }: { reviewers: { login: string; state: string }[] }) {
  return (
    <section>
      <h2>Reviewers</h2>
      {reviewers.length === 0 ? <p class="hint">Nobody is asked yet.</p> : null}
      <ul class="reviewers">
        {reviewers.map(({ login, state }) => (
          <li key={login}>
            <Face login={login} />
            <span>{login}</span>
            <span class="reviewer-state">{state}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function LatestDeliveries({ aside }: { aside: Aside }) {
  return (
    <section>
      <div class="aside-head">
        <h2>Latest deliveries</h2>
        <a href="/-/deliveries">all {group(aside.deliveryCount)}</a>
      </div>
      {aside.deliveries.length === 0 ? <p class="hint">None about this yet.</p> : null}
      <ul class="latest">
        {aside.deliveries.map((delivery) => (
          <li key={delivery.id}>
            <a href={delivery.href}>
              <code>{delivery.event}</code>
            </a>
            <Ago at={delivery.at} />
            <span class={delivery.statusCode >= 400 || (!delivery.queued && delivery.statusCode === 0) ? 'bad' : ''}>
              {delivery.queued ? 'queued' : `${delivery.statusCode || delivery.status} · ${took(delivery.durationMs)}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** On a phone, one line that unfolds the right column. */
export function AsideLine({ aside, children }: { aside: Aside; children?: ComponentChildren }) {
  const statuses = aside.statuses ?? [];
  const state = worst(statuses);
  return (
    <details class="aside-line">
      <summary>
        {state ? <StateMark state={state} quiet /> : null}
        <b>{aside.statuses ? `Statuses: ${statusLine(statuses)}` : 'Labels and deliveries'}</b>
        <span>· {count(aside.labels.length, 'label')}</span>
      </summary>
      <div class="aside-inside">
        {children}
        <AsideColumn aside={aside} />
      </div>
    </details>
  );
}
