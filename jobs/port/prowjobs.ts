import { createHash } from 'node:crypto';
import type { Target } from '../../core/ports/index.ts';
import type { NewPostsubmits, NewPresubmits, PullToTest } from '../api/jobs-port.ts';
import { EVENT_GUID, IS_OPTIONAL } from '../api/labels.ts';
import type { ProwJob } from '../api/prowjob.ts';
import type { Refs } from '../api/refs.ts';
import type { Postsubmit, Presubmit } from '../config/job.ts';
import { newProwJob } from '../spec/prowjob.ts';
import { postsubmitSpec, presubmitSpec } from '../spec/spec.ts';

interface Moment {
  /** RFC 3339 */
  now: string;
  scheduling: boolean;
}

/** Prow: NewPresubmit in pkg/pjutil/pjutil.go. */
export function presubmitJob(job: Presubmit, wanted: NewPresubmits, at: Target, moment: Moment): ProwJob {
  const { pull, delivery, ended } = wanted;
  const made = newProwJob(presubmitSpec(job, pullRefs(at, pull)), {
    ...moment,
    name: derivedName(delivery, at, 'presubmit', job.name, job.context, pull.baseRef, String(pull.number)),
    labels: { ...job.labels, ...wanted.labels, [EVENT_GUID]: delivery, [IS_OPTIONAL]: String(job.optional ?? false) },
    annotations: job.annotations,
  });
  return ended ? { ...made, status: { startTime: moment.now, completionTime: moment.now, ...ended } } : made;
}

export function postsubmitJob(job: Postsubmit, wanted: NewPostsubmits, at: Target, moment: Moment): ProwJob {
  const { refs, delivery } = wanted;
  return newProwJob(postsubmitSpec(job, refs), {
    ...moment,
    name: derivedName(delivery, at, 'postsubmit', job.name, job.context, refs.base_ref, refs.base_sha),
    labels: { ...job.labels, [EVENT_GUID]: delivery },
    annotations: job.annotations,
  });
}

/** Looks like the random names of Prow, and is the same whenever the same delivery asks for the same job. */
function derivedName(delivery: string, { org, repo }: Target, ...parts: string[]): string {
  const hex = createHash('sha256')
    .update(JSON.stringify([delivery, org, repo, ...parts]))
    .digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/** Prow: createRefs. */
function pullRefs({ org, repo }: Target, pull: PullToTest): Refs {
  const repoLink = pull.url.replace(/\/pull\/\d+$/, '');
  return {
    org,
    repo,
    repo_link: repoLink,
    base_ref: pull.baseRef,
    base_sha: pull.baseSha,
    base_link: `${repoLink}/commit/${pull.baseSha}`,
    pulls: [
      {
        number: pull.number,
        author: pull.author,
        sha: pull.headSha,
        head_ref: pull.headRef,
        title: pull.title,
        link: pull.url,
        author_link: authorLink(pull),
        commit_link: `${repoLink}/pull/${pull.number}/commits/${pull.headSha}`,
      },
    ],
  };
}

/** GitHub shows an App's bot under its App. */
function authorLink({ url, author }: PullToTest): string {
  if (!URL.canParse(url)) return '';
  const { origin } = new URL(url);
  return author.endsWith('[bot]') ? `${origin}/apps/${author.slice(0, -'[bot]'.length)}` : `${origin}/${author}`;
}
