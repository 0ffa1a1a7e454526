import type { PushContext } from './needs.ts';

const NOTHING = '0'.repeat(40);

/** A push starts postsubmits (Prow: pkg/plugins/trigger/push.go). */
export async function onPush({ event, ports }: PushContext): Promise<void> {
  const { payload } = event;
  if (payload.deleted || payload.after === NOTHING) return;
  const sha = payload.after;
  const postsubmits = await ports.jobs.postsubmits((await ports.jobs.usesInRepoConfig()) ? { sha } : undefined);
  const branch = payload.ref.replace(/^refs\/heads\//, '').replace(/^refs\/tags\//, '');
  const jobs = postsubmits
    .select(branch, changedFiles(payload.commits ?? []))
    .filter(({ runs }) => runs)
    .map(({ job }) => job.name);
  if (jobs.length === 0) return;
  const { owner, name, html_url } = payload.repository;
  await ports.jobs.startPostsubmits({
    jobs,
    delivery: event.delivery,
    refs: {
      org: owner.name ?? owner.login,
      repo: name,
      repo_link: html_url,
      base_ref: branch,
      base_sha: sha,
      base_link: payload.compare,
    },
  });
}

function changedFiles(commits: { added: string[]; removed: string[]; modified: string[] }[]): string[] {
  return [...new Set(commits.flatMap(({ added, removed, modified }) => [...added, ...removed, ...modified]))];
}
