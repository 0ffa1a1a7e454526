import { isTransient, type PullRequest } from '../../core/plugin/index.ts';
import type { Context } from './needs.ts';

const PULL_EVENTS = 'pull_request OR pull_request_target';
/** A run that ended otherwise is worth another one (Prow: GetFailedActionRunsByHeadBranch). */
const PASSED = ['success', 'skipped'];

/** Lets GitHub Actions run that wait for somebody to vouch for a first-time contributor. */
export async function approveWorkflows(context: Context, { head }: PullRequest): Promise<void> {
  const { workflows } = context.ports;
  await eachRun(context, 'waiting GitHub Actions', async () => {
    const runs = await workflows.list({ branch: head.ref, sha: head.sha, event: PULL_EVENTS });
    return runs
      .filter(({ status, conclusion }) => status === 'action_required' || conclusion === 'action_required')
      .map(
        ({ id }) =>
          () =>
            workflows.approve(id),
      );
  });
}

/** Runs failed GitHub Actions again. */
export async function rerunWorkflows(context: Context, { head }: PullRequest): Promise<void> {
  const { workflows } = context.ports;
  await eachRun(context, 'failed GitHub Actions', async () => {
    const runs = await workflows.list({
      branch: head.ref,
      sha: head.sha,
      event: `${PULL_EVENTS} OR workflow_call`,
    });
    return runs
      .filter(({ status, conclusion }) => status === 'completed' && !PASSED.includes(conclusion))
      .map(
        ({ id }) =>
          () =>
            workflows.rerunFailed(id),
      );
  });
}

/** What GitHub refuses here keeps no job of ours from starting. */
async function eachRun({ log }: Context, what: string, actions: () => Promise<(() => Promise<void>)[]>): Promise<void> {
  const attempt = async (act: () => Promise<void>) => {
    try {
      await act();
    } catch (err) {
      if (isTransient(err)) throw err;
      log.warn({ err, what }, 'GitHub Actions refused');
    }
  };
  await attempt(async () => {
    for (const act of await actions()) await attempt(act);
  });
}
