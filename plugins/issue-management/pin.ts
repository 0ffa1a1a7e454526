import { isTransient, normLogin } from '../../core/plugin/index.ts';
import type { Context } from './needs.ts';

const MUTATION = {
  pin: 'mutation($issueId: ID!) { pinIssue(input: { issueId: $issueId }) { issue { id } } }',
  unpin: 'mutation($issueId: ID!) { unpinIssue(input: { issueId: $issueId }) { issue { id } } }',
};

/** Pins an issue, or takes the pin away (Prow: pkg/plugins/issue-management/pin-issue.go). */
export async function pinIssue(action: 'pin' | 'unpin', { event, ports, log, reply }: Context): Promise<void> {
  const { org, repo, number, user } = event;
  if (event.isPull) return reply('`/pin-issue` and `/unpin-issue` can only be triggered on GitHub issues.');
  try {
    const { defaultBranch } = await ports.repo.get();
    const owners = await ports.owners.load(defaultBranch);
    if (!owners.topLevelApprovers().has(normLogin(user)))
      return reply(
        'You are not authorized to pin or unpin issues on this repository. Only approvers from the top-level OWNERS file can use this command.',
      );
  } catch (err) {
    if (isTransient(err)) throw err;
    log.warn({ err }, 'cannot read the owners of a repository');
    return reply(`Unable to determine whether ${user} is an approver from the top-level OWNERS of ${org}/${repo}.`);
  }
  const { nodeId } = await ports.issue.get();
  try {
    await ports.search.mutate(MUTATION[action], { issueId: nodeId });
  } catch (err) {
    if (isTransient(err)) throw err;
    log.warn({ err, action }, 'GitHub did not pin or unpin an issue');
    return reply(`Unable to ${action} issue #${number}. Please try again later.`);
  }
  const done = action === 'pin' ? 'pinned to' : 'unpinned from';
  await reply(`Issue #${number} has been ${done} the repository.`);
}
