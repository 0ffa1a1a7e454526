import type { JobFacts, JobView } from '../views.ts';
import { age, count, duration, exact } from './format.ts';
import { LogViewer } from './log.tsx';
import type { ReaderState } from './reader-state.ts';
import { State } from './states.tsx';

/** One run of a job: where it belongs, its state and facts, the first finding if it failed, and its log. */
export function JobPage({ view, reader }: { view: JobView; reader: ReaderState }) {
  const { job } = view;
  return (
    <main id="content" class="page" tabIndex={-1}>
      <Crumbs job={job} />
      <div class="job-head">
        <State state={job.state} chip />
        <h1>{job.job}</h1>
      </div>
      <Facts job={job} now={reader.now} />
      <FirstFinding view={view} reader={reader} />
      <LogViewer view={view} reader={reader} />
    </main>
  );
}

function Crumbs({ job }: { job: JobFacts }) {
  const [pull] = job.pulls;
  return (
    <nav class="crumbs" aria-label="Where this belongs">
      <a href="/">Jobs</a>
      {job.repo ? (
        <>
          <span aria-hidden="true">›</span>
          {job.repoLink ? <a href={job.repoLink}>{job.repo}</a> : <span>{job.repo}</span>}
        </>
      ) : null}
      {pull ? (
        <>
          <span aria-hidden="true">›</span>
          {pull.link ? <a href={pull.link}>#{pull.number}</a> : <span>#{pull.number}</span>}
          <span class="crumb-title">{pull.title}</span>
        </>
      ) : null}
    </nav>
  );
}

function Facts({ job, now }: { job: JobFacts; now: number }) {
  const started = Date.parse(job.started);
  const [pull] = job.pulls;
  return (
    <p class="facts">
      <span>
        Build <code>{job.build}</code>
      </span>
      {pull ? (
        <span>
          Commit <code>{pull.sha.slice(0, 7)}</code>
          {job.base ? (
            <>
              {' '}
              on <code>{job.base.ref}</code> at <code>{job.base.sha.slice(0, 7)}</code>
            </>
          ) : null}
        </span>
      ) : null}
      {pull ? (
        <span>
          By <b>{pull.author}</b>
        </span>
      ) : null}
      {job.ended ? (
        <>
          <span>
            Ended{' '}
            <time datetime={job.ended} title={exact(job.ended)}>
              {age(Date.parse(job.ended), now)}
            </time>
          </span>
          <span>
            Took <b>{duration(Date.parse(job.ended) - started)}</b>
          </span>
        </>
      ) : (
        <span>
          {job.state === 'pending' ? 'Running' : 'Waiting'} for <b>{duration(now - started)}</b>
        </span>
      )}
      <span>
        Cluster <b>{job.cluster}</b>
      </span>
    </p>
  );
}

const BAD = new Set(['failure', 'error', 'aborted']);

/** One sentence on what went wrong, with a jump to it. */
function FirstFinding({ view, reader }: { view: JobView; reader: ReaderState }) {
  const { job, log } = view;
  if (!BAD.has(job.state)) return null;
  const [first] = log.findings;
  const tone = job.state === 'failure' ? 'failure' : job.state === 'error' ? 'error' : 'aborted';
  return (
    <section class={`banner soft-${tone}`} aria-label="What went wrong">
      <span>
        <b>{job.description || 'The job did not succeed.'}</b>
        {first ? (
          <>
            <br />
            <span class="second">{first.text.trim().slice(0, 200)}</span>
          </>
        ) : null}
      </span>
      {first ? (
        <a
          class="button"
          href={`?from=${first.line}#L${first.line}`}
          onClick={(event) => {
            if (!reader.awake) return;
            event.preventDefault();
            reader.goTo(first.line);
          }}
        >
          {log.findings.length > 1 ? `First of ${count(log.findings.length, 'finding')}` : 'Go to the finding'}
          <kbd class="key">e</kbd>
        </a>
      ) : null}
    </section>
  );
}
