import type { PullRow, Sidebar, Step } from '../views.ts';
import { Icon } from './icons.tsx';
import { useChrome, usePage } from './page.tsx';
import { Key } from './parts.tsx';
import { StateMark } from './states.tsx';
import { BackHere } from './topbar.tsx';

/** The left column: the pull requests, a way to open one, and what to try. */
export function SideColumn({ sidebar }: { sidebar: Sidebar }) {
  return (
    <>
      <PullList sidebar={sidebar} />
      <TryThis steps={sidebar.steps} />
      <About />
    </>
  );
}

/** The same as a menu on the title, where there is no room for a column. */
export function RepoMenu({ sidebar }: { sidebar: Sidebar }) {
  const { repo } = useChrome();
  return (
    <details class="menu repo-menu">
      <summary>
        {repo} · {sidebar.openCount} open
        <Icon name="down" />
      </summary>
      <div class="menu-panel">
        <PullList sidebar={sidebar} />
        <About />
      </div>
    </details>
  );
}

function PullList({ sidebar }: { sidebar: Sidebar }) {
  const { repo } = useChrome();
  return (
    <nav class="pull-list" aria-label="Pull requests of this repository">
      <div class="side-head">
        <h2>{repo}</h2>
        <span>{sidebar.openCount} open</span>
      </div>
      <ul>
        {sidebar.pulls.map((row) => (
          <PullItem key={row.number} row={row} />
        ))}
      </ul>
      <p class="side-action">
        <a class="button" href={`/${repo}/compare`}>
          <Icon name="plus" />
          Open a pull request
          <Key>n</Key>
        </a>
      </p>
    </nav>
  );
}

function PullItem({ row }: { row: PullRow }) {
  return (
    <li>
      <a href={row.href} aria-current={row.current ? 'page' : undefined}>
        <StateMark state={row.state} quiet />
        <span class="pull-title">{row.title}</span>
        <span class="pull-note">
          #{row.number} · {row.author}
          {row.note ? ` · ${row.note}` : ''}
        </span>
      </a>
    </li>
  );
}

/** Steps that tick themselves when done. A click fills the box and, where needed, switches the person. */
export function TryThis({ steps }: { steps: Step[] }) {
  const { awake, takeStep } = usePage();
  const done = steps.filter((step) => step.done).length;
  return (
    <section class="try">
      <div class="side-head">
        <h2>Try this</h2>
        <span>
          {done} of {steps.length}
        </span>
      </div>
      <form
        method="post"
        action="/-/step"
        onSubmit={(event) => {
          if (awake) event.preventDefault();
        }}
      >
        <BackHere />
        <ol>
          {steps.map((step) => (
            <li key={step.id}>
              <button
                type="submit"
                name="step"
                value={step.id}
                class={step.done ? 'step-done' : ''}
                aria-current={step.current ? 'step' : undefined}
                onClick={() => takeStep(step.id)}
              >
                <StepMark step={step} />
                <span>
                  {step.words}
                  {step.command ? <code>{step.command}</code> : null}
                </span>
              </button>
            </li>
          ))}
        </ol>
      </form>
    </section>
  );
}

function StepMark({ step }: { step: Step }) {
  if (step.done) {
    return (
      <span class="mark tone-success">
        <Icon name="tick" />
        <span class="unseen">Done:</span>
      </span>
    );
  }
  return (
    <span class={`mark ${step.current ? 'tone-accent' : 'tone-rest'}`}>
      <Icon name={step.current ? 'arrow' : 'ring'} />
    </span>
  );
}

function About() {
  return (
    <section class="about">
      <p>A small GitHub inside this program. No account, no network. Nothing here can break.</p>
      <details>
        <summary>Start over</summary>
        <p>Everything said and done here is forgotten, and the three pull requests are as on the first day.</p>
        <form method="post" action="/-/start-over" data-send>
          <button type="submit" class="button">
            Forget it all
          </button>
        </form>
      </details>
    </section>
  );
}
