import type { ConfigurationView, MessageView, OpenPullView } from '../views.ts';
import { useChrome } from './page.tsx';
import { Empty } from './parts.tsx';
import { RepoMenu } from './sidebar.tsx';
import { StateMark } from './states.tsx';

/** What this GitHub knows of itself: people, webhooks, and the file that the bot runs with where it was named. */
export function ConfigurationPage({ view }: { view: ConfigurationView }) {
  return (
    <main id="content" class="main wide-main" tabIndex={-1}>
      <header class="head">
        <RepoMenu sidebar={view.sidebar} />
        <h1>Configuration</h1>
        <p class="head-facts head-last">
          <span>Who is here, where webhooks go, and what the bot was told.</span>
        </p>
      </header>
      <div class="tab-body">
        <section class="card">
          <header>
            <h2>People</h2>
          </header>
          <table class="rows plain">
            <tbody>
              {view.people.map(({ login, role, detail }) => (
                <tr key={login}>
                  <th scope="row">{login}</th>
                  <td>{role}</td>
                  <td class="second">{detail}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        <Webhooks hooks={view.hooks} />
        {view.files.map((file) => (
          <ConfigFile key={file.name} file={file} />
        ))}
      </div>
    </main>
  );
}

function Webhooks({ hooks }: { hooks: ConfigurationView['hooks'] }) {
  return (
    <section class="card">
      <header>
        <h2>Webhooks</h2>
      </header>
      {hooks.length === 0 ? <p class="hint">No webhook is set up: the bot hears nothing.</p> : null}
      <table class="rows plain">
        <tbody>
          {hooks.map((hook) => (
            <tr key={hook.url}>
              <th scope="row">
                <code>{hook.url}</code>
              </th>
              <td>{hook.active ? 'active' : 'off'}</td>
              <td class="second">{hook.events.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ConfigFile({ file }: { file: ConfigurationView['files'][number] }) {
  return (
    <section class="card">
      <header>
        <h2>
          <code>{file.name}</code>
        </h2>
      </header>
      {file.text === null ? (
        <p class="bad">
          <StateMark state="error" quiet /> It could not be read: {file.problem}
        </p>
      ) : (
        <ol class="code-lines">
          {file.text.split('\n').map((line, index) => (
            <li key={`${index}:${line}`} id={`L${index + 1}`}>
              <a href={`#L${index + 1}`} aria-label={`Line ${index + 1}`}>
                {index + 1}
              </a>
              <code>{line}</code>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** Opens a pull request from a branch that the seed has made ready. */
export function OpenPullPage({ view }: { view: OpenPullView }) {
  const { actor, repo } = useChrome();
  const mine = view.branches.filter(({ login }) => login === actor);
  const others = [...new Set(view.branches.filter(({ login }) => login !== actor).map(({ login }) => login))];
  return (
    <main id="content" class="main wide-main" tabIndex={-1}>
      <header class="head">
        <RepoMenu sidebar={view.sidebar} />
        <h1>Open a pull request</h1>
        <p class="head-facts head-last">
          <span>
            As <b>{actor}</b>, from a branch that is ready to be proposed.
          </span>
        </p>
      </header>
      {view.problem === null ? null : (
        <p class="banner banner-failure" role="alert">
          <StateMark state="failure" quiet />
          <span>Not opened: {view.problem}</span>
        </p>
      )}
      {mine.length === 0 ? (
        <Empty heading={`${actor} has no branch ready`}>
          <p>
            {others.length
              ? `${others.join(' and ')} ${others.length === 1 ? 'has' : 'have'} one: act as one of them.`
              : 'All prepared branches are in use. Start over to get them back.'}
          </p>
        </Empty>
      ) : (
        <div class="tab-body narrow-body">
          {mine.map((branch) => (
            <form key={branch.id} class="card open-pull" method="post" action={`/${repo}/compare`} data-send>
              <input type="hidden" name="prepared" value={String(branch.id)} />
              <h2>{branch.title}</h2>
              <p class="second">{branch.body}</p>
              <p>
                <span>
                  from <code class="ref">{branch.branch}</code>
                </span>
                <button type="submit" class="button primary">
                  Open it
                </button>
              </p>
            </form>
          ))}
        </div>
      )}
    </main>
  );
}

/** A page that is not there, or a thing that did not work: what, and the way out. */
export function MessagePage({ view }: { view: MessageView }) {
  return (
    <main id="content" class="main wide-main" tabIndex={-1}>
      <Empty heading={view.heading}>
        <p>{view.words}</p>
        <p>
          <a class="button" href={view.href}>
            {view.link}
          </a>
        </p>
      </Empty>
    </main>
  );
}
