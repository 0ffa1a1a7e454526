import type { JobFacts, JobsView } from '../views.ts';
import { age, duration, exact } from './format.ts';
import { State } from './states.tsx';

/** The plain list of jobs, newest first. */
export function JobsPage({ view, now }: { view: JobsView; now: number }) {
  return (
    <main id="content" class="page" tabIndex={-1}>
      <h1>Jobs</h1>
      {view.jobs.length === 0 ? (
        <div class="empty">
          <h2>No job has run yet</h2>
          <p>
            Comment <code>/test all</code> on a pull request, and it shows here.
          </p>
        </div>
      ) : (
        <table class="rows">
          <thead>
            <tr>
              <th scope="col">State</th>
              <th scope="col">Job</th>
              <th scope="col">For</th>
              <th scope="col">Author</th>
              <th scope="col">Started</th>
              <th scope="col" class="figure">
                Took
              </th>
            </tr>
          </thead>
          <tbody>
            {view.jobs.map((job) => (
              <JobRow key={job.name} job={job} now={now} />
            ))}
          </tbody>
        </table>
      )}
      {view.olderHref ? (
        <p class="more">
          <a class="button" href={view.olderHref}>
            Older jobs
          </a>
        </p>
      ) : null}
    </main>
  );
}

function JobRow({ job, now }: { job: JobFacts; now: number }) {
  const started = Date.parse(job.started);
  return (
    <tr>
      <td>
        <State state={job.state} />
      </td>
      <th scope="row">{job.build ? <a href={job.href}>{job.job}</a> : job.job}</th>
      <td class="second for">
        <ForWords job={job} />
      </td>
      <td class="second">{job.pulls[0]?.author ?? '–'}</td>
      <td class="second">
        <time datetime={job.started} title={exact(job.started)}>
          {age(started, now)}
        </time>
      </td>
      <td class="figure">{duration((job.ended ? Date.parse(job.ended) : now) - started)}</td>
    </tr>
  );
}

/** "acme/widgets #42 Retry uploads", "Batch of #38 and #39", "Every run of a periodic". */
function ForWords({ job }: { job: JobFacts }) {
  const [pull] = job.pulls;
  if (job.type === 'batch') return <>Batch of {job.pulls.map(({ number }) => `#${number}`).join(', ')}</>;
  if (pull) {
    return (
      <>
        {job.repo} #{pull.number} {pull.title}
      </>
    );
  }
  if (job.base) {
    return (
      <>
        {job.repo} {job.base.ref}
      </>
    );
  }
  return <>{job.type === 'periodic' ? 'Periodic' : '–'}</>;
}
