import type { CommitRow, FileView, PullView } from '../views.ts';
import { AsideColumn, AsideLine } from './aside.tsx';
import { CommandBox } from './box.tsx';
import { Conversation } from './conversation.tsx';
import { count, group } from './format.ts';
import { Ago, Empty } from './parts.tsx';
import { RepoMenu, TryThis } from './sidebar.tsx';
import { StateChip } from './states.tsx';
import { BackHere } from './topbar.tsx';

/** A pull request: head, tabs, and what the tab shows. */
export function PullPage({ view }: { view: PullView }) {
  return (
    <>
      <main id="content" class="main talk-main" tabIndex={-1}>
        <PullHead view={view} />
        <AsideLine aside={view.aside}>
          <PushButton view={view} />
        </AsideLine>
        <TabBody view={view} />
      </main>
      <aside class="right" aria-label="Statuses, labels and deliveries">
        <AsideColumn aside={view.aside} />
      </aside>
    </>
  );
}

function TabBody({ view }: { view: PullView }) {
  switch (view.tab) {
    case 'conversation':
      return (
        <>
          <Conversation timeline={view.timeline} />
          <CommandBox box={view.box} />
        </>
      );
    case 'commits':
      return <Commits commits={view.commits} />;
    case 'files':
      return <Files files={view.files} />;
    case 'try':
      return (
        <div class="tab-body">
          <TryThis steps={view.sidebar.steps} />
        </div>
      );
  }
}

function PullHead({ view }: { view: PullView }) {
  const { pull, sidebar } = view;
  const done = sidebar.steps.filter((step) => step.done).length;
  return (
    <header class="head">
      <RepoMenu sidebar={sidebar} />
      <h1>
        {pull.title} <span class="number">#{pull.number}</span>
      </h1>
      <p class="head-facts">
        <StateChip state={pull.state} />
        <span>
          <b>{pull.author}</b> wants {count(pull.commits, 'commit')} in <code class="ref">{pull.base}</code>
          <span class="roomy-only">
            {' '}
            from <code class="ref">{pull.head}</code>{' '}
            <span class="diffstat">
              +{group(pull.additions)} −{group(pull.deletions)} in {count(pull.files, 'file')}
            </span>
          </span>
        </span>
      </p>
      <div class="tabs-row">
        <nav class="tabs" aria-label="Parts of the pull request">
          <Tab view={view} tab="conversation" words="Conversation" number={group(pull.conversation)} />
          <Tab view={view} tab="commits" words="Commits" number={group(pull.commits)} />
          <Tab view={view} tab="files" words="Files" number={group(pull.files)} />
          <Tab view={view} tab="try" words="Try this" number={`${done}/${sidebar.steps.length}`} />
        </nav>
        <PushButton view={view} />
      </div>
    </header>
  );
}

function Tab(props: { view: PullView; tab: PullView['tab']; words: string; number: string }) {
  const { view, tab, words, number } = props;
  const href = tab === 'conversation' ? view.pull.path : `${view.pull.path}/${tab}`;
  return (
    <a href={href} class={`tab-${tab}`} aria-current={view.tab === tab ? 'page' : undefined}>
      {words} <span class="count">{number}</span>
    </a>
  );
}

/** Pushes the commit that was made ready for this branch; where it can not, it says why. */
function PushButton({ view }: { view: PullView }) {
  const { push, path } = view.pull;
  if (push.reason !== null) return <p class="push-reason hint">{push.reason}</p>;
  if (push.title === null) return null;
  return (
    <form class="push" method="post" action={`${path}/push`} data-send>
      <BackHere />
      <button type="submit" class="button" title={`Pushes: ${push.title}`}>
        Push a commit
      </button>
    </form>
  );
}

function Commits({ commits }: { commits: CommitRow[] }) {
  return (
    <div class="tab-body">
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">Commit</th>
            <th scope="col">Title</th>
            <th scope="col">Author</th>
            <th scope="col">When</th>
          </tr>
        </thead>
        <tbody>
          {commits.map((commit) => (
            <tr key={commit.sha} id={commit.sha}>
              <td>
                <code>{commit.sha.slice(0, 7)}</code>
              </td>
              <th scope="row" class="row-title">
                {commit.title}
              </th>
              <td class="second">{commit.author}</td>
              <td class="second">
                <Ago at={commit.at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const SIGNS = { add: '+', remove: '−', same: ' ', hunk: '' } as const;

function Files({ files }: { files: FileView[] }) {
  if (files.length === 0) {
    return (
      <Empty heading="No file is changed">
        <p>The branch and its base hold the same files.</p>
      </Empty>
    );
  }
  return (
    <div class="tab-body">
      {files.map((file) => (
        <section key={file.path} class="card file">
          <header>
            <h2>{file.path}</h2>
            <span class="hint">
              {file.status} · +{group(file.additions)} −{group(file.deletions)}
            </span>
          </header>
          {file.lines === null ? (
            <p class="hint">Too long, or not text: not shown here.</p>
          ) : (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
            <pre class="diff" tabIndex={0}>
              {file.lines.map((line, index) => (
                <span key={`${index}:${line.text}`} class={`diff-${line.type}`}>
                  {SIGNS[line.type]}
                  {line.text}
                  {'\n'}
                </span>
              ))}
            </pre>
          )}
        </section>
      ))}
    </div>
  );
}
