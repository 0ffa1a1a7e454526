import { port, repoOf, state, write } from './port.ts';

export interface WorkflowRun {
  id: number;
  name: string;
  status: string;
  conclusion: string;
}

/** Runs of GitHub Actions for a commit. */
export const workflows = port(
  'workflows',
  { actions: 'write' },
  {
    list: state(async (gh, at, filter: { branch?: string; sha: string; event?: string }): Promise<WorkflowRun[]> => {
      const { data } = await gh.request('GET /repos/{owner}/{repo}/actions/runs', {
        ...repoOf(at),
        head_sha: filter.sha,
        ...(filter.branch && { branch: filter.branch }),
        ...(filter.event && { event: filter.event }),
        per_page: 100,
      });
      return data.workflow_runs.map(({ id, name, status, conclusion }) => ({
        id: Number(id),
        name: name ?? '',
        status: status ?? '',
        conclusion: conclusion ?? '',
      }));
    }),
    /** Lets the workflows of a first-time contributor run. */
    approve: write(async (gh, at, id: number): Promise<void> => {
      await gh.request('POST /repos/{owner}/{repo}/actions/runs/{run_id}/approve', { ...repoOf(at), run_id: id });
    }),
    rerunFailed: write(async (gh, at, id: number): Promise<void> => {
      await gh.request('POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun-failed-jobs', {
        ...repoOf(at),
        run_id: id,
      });
    }),
  },
  { ofRepo: true },
);
