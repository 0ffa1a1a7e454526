import { isRepoName } from './fixes.ts';
import { found } from './link.ts';
import type { Context } from './needs.ts';

const TRANSFER =
  'mutation($issueId: ID!, $repositoryId: ID!) { transferIssue(input: { issueId: $issueId, repositoryId: $repositoryId }) { issue { url } } }';

/**
 * Moves an issue to another repository of the organisation (Prow: pkg/plugins/issue-management/transfer-issue.go). Strangers are told that they may not
 * before anything else, so that nobody learns from the answer which private repositories there are.
 */
export async function transferIssue(destinations: readonly string[], context: Context): Promise<void> {
  const { event, ports, at, reply } = context;
  if (event.isPull) return reply('The `/transfer-issue` command is only supported on issues, not pull requests.');
  const [destination = '', ...others] = destinations;
  if (destination === '' || others.length > 0)
    return reply('`/transfer-issue` must only be used once and with a single destination repo.');
  if (!(await ports.people.isMember(event.org, event.user)))
    return reply('You must be an org member to transfer this issue.');
  const repository = isRepoName(destination) ? await found(at({ repo: destination }).repo.get()) : undefined;
  if (!repository)
    return reply(`Something went wrong or the destination repo **${event.org}/${destination}** does not exist.`);
  const { nodeId } = await ports.issue.get();
  await ports.search.mutate(TRANSFER, { issueId: nodeId, repositoryId: repository.nodeId });
}
