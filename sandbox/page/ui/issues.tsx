import type { IssueView, ListView } from '../views.ts';
import { AsideColumn, AsideLine } from './aside.tsx';
import { CommandBox } from './box.tsx';
import { Conversation } from './conversation.tsx';
import { count } from './format.ts';
import { Ago, Empty, Label, Newer } from './parts.tsx';
import { RepoMenu } from './sidebar.tsx';
import { StateChip, StateMark } from './states.tsx';

/** One issue: head, talk, box. */
export function IssuePage({ view }: { view: IssueView }) {
  const { issue } = view;
  return (
    <>
      <main id="content" class="main talk-main" tabIndex={-1}>
        <header class="head">
          <RepoMenu sidebar={view.sidebar} />
          <h1>
            {issue.title} <span class="number">#{issue.number}</span>
          </h1>
          <p class="head-facts head-last">
            <StateChip state={issue.state === 'open' ? 'issue-open' : 'issue-closed'} />
            <span>
              <b>{issue.author}</b> opened it <Ago at={issue.at} />
            </span>
          </p>
        </header>
        <AsideLine aside={view.aside} />
        <Conversation timeline={view.timeline} />
        <CommandBox box={view.box} />
      </main>
      <aside class="right" aria-label="Labels and deliveries">
        <AsideColumn aside={view.aside} />
      </aside>
    </>
  );
}

/** All pull requests, or all issues, of the repository. */
export function ListPage({ view }: { view: ListView }) {
  const pulls = view.what === 'pulls';
  return (
    <main id="content" class="main wide-main" tabIndex={-1}>
      <header class="head">
        <RepoMenu sidebar={view.sidebar} />
        <h1>{pulls ? 'Pull requests' : 'Issues'}</h1>
        <p class="head-facts head-last">
          <span>
            {count(view.rows.filter((row) => row.state !== 'closed' && row.state !== 'merged').length, 'open one')}
          </span>
          {pulls ? null : <span>Commands such as /help work on issues.</span>}
        </p>
      </header>
      {view.rows.length === 0 ? (
        <Empty heading={pulls ? 'No pull request yet' : 'No issue yet'}>
          <p>
            {pulls ? 'Open one from a prepared branch.' : 'The sandbox begins with one. Start over to get it back.'}
          </p>
        </Empty>
      ) : (
        <Rows view={view} />
      )}
    </main>
  );
}

function Rows({ view }: { view: ListView }) {
  const pulls = view.what === 'pulls';
  return (
    <div class="tab-body">
      <Newer one={pulls ? 'newer pull request' : 'newer issue'} many={pulls ? 'newer pull requests' : 'newer issues'} />
      <table class="rows" data-list>
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Title</th>
            <th scope="col">Labels</th>
            <th scope="col">Author</th>
            <th scope="col">Opened</th>
          </tr>
        </thead>
        <tbody>
          {view.rows.map((row) => (
            <tr key={row.number}>
              <td>
                <StateMark state={stateOf(pulls, row.state)} />
              </td>
              <th scope="row" class="row-title">
                <a href={row.href}>{row.title}</a> <span class="hint">#{row.number}</span>
              </th>
              <td class="row-labels">
                {row.labels.map((label) => (
                  <Label key={label.name} label={label} />
                ))}
              </td>
              <td class="second">{row.author}</td>
              <td class="second">
                <Ago at={row.at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function stateOf(pulls: boolean, state: ListView['rows'][number]['state']) {
  if (pulls) return state;
  return state === 'open' ? 'issue-open' : 'issue-closed';
}
