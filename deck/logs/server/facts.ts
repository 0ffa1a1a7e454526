import type { ProwJob } from '../../../jobs/api/prowjob.ts';
import { isComplete } from '../../../jobs/api/prowjob.ts';
import type { OpenLog } from '../log/open-log.ts';
import type { JobFacts, LogFacts } from '../views.ts';

/** A ProwJob in the words of the pages. */
export function factsOf(prowJob: ProwJob): JobFacts {
  const { metadata, spec, status } = prowJob;
  const { refs } = spec;
  const job = spec.job ?? '';
  const build = status.build_id ?? '';
  return {
    name: metadata.name ?? '',
    job,
    build,
    state: status.state ?? 'triggered',
    type: spec.type ?? '',
    description: status.description ?? '',
    href: viewPath(job, build),
    rawHref: `/log?job=${encodeURIComponent(job)}&id=${encodeURIComponent(build)}`,
    repo: refs ? `${refs.org}/${refs.repo}` : '',
    repoLink: webLink(refs?.repo_link),
    pulls: (refs?.pulls ?? []).map(({ number, title, author, sha, link }) => ({
      number,
      title: title ?? '',
      author,
      sha,
      link: webLink(link),
    })),
    base: refs?.base_ref ? { ref: refs.base_ref, sha: refs.base_sha ?? '' } : null,
    cluster: spec.cluster ?? 'default',
    started: status.startTime ?? metadata.creationTimestamp ?? '',
    ended: status.completionTime ?? null,
  };
}

/** The page of one run of a job; Spyglass' key type `prowjob` (Prow: cmd/deck/main.go). */
function viewPath(job: string, build: string): string {
  return `/view/prowjob/${encodeURIComponent(job)}/${encodeURIComponent(build)}`;
}

/** Links come from ProwJobs, which others may write: only http and https are followed. */
function webLink(link: string | undefined): string | null {
  return link !== undefined && /^https?:\/\//i.test(link) ? link : null;
}

export function logFacts(prowJob: ProwJob, log: OpenLog): LogFacts {
  const { lines, bytes, findings } = log.index;
  return { lines, bytes, whole: log.whole, findings, missing: missingOf(prowJob, log), problem: log.problem };
}

function missingOf(prowJob: ProwJob, log: OpenLog): string | null {
  if (log.index.bytes > 0) return null;
  if (!isComplete(prowJob)) {
    return log.there ? 'The job has started and has written nothing yet.' : 'The log begins once the job has its pod.';
  }
  if (log.there) return 'The job ended without writing a line.';
  return prowJob.status.description
    ? `There is no log. ${prowJob.status.description}`
    : 'There is no log: its pod is gone, or never was.';
}
