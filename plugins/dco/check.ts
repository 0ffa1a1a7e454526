import {
  ABOUT_THIS_BOT,
  type CommandEventContext,
  type Commit,
  commitList,
  hasLabel,
  type PullRequest,
  pruneComments,
  trustOf,
} from '../../core/plugin/index.ts';
import { contributingUrl, type Dco } from './config.ts';

/** What dco sees of GitHub. */
export const NEEDS = ['labels', 'comments', 'people', 'pull', 'statuses'] as const;

type Context = Pick<CommandEventContext<(typeof NEEDS)[number], Dco>, 'ports' | 'config' | 'bot'>;
type At = { org: string; repo: string };

const CONTEXT = 'dco';
const YES = 'dco-signoff: yes';
const NO = 'dco-signoff: no';
const REQUEST =
  "Thanks for your pull request. Before we can look at it, you'll need to add a 'DCO signoff' to your commits.";
const SIGNED = /^signed-off-by:/im;

/** Brings labels, status and comment in line with what the commits say (Prow: pkg/plugins/dco/dco.go, handle). */
export async function checkSignOff(context: Context, at: At, pull: PullRequest, comments: boolean): Promise<void> {
  const { ports, config, bot } = context;
  const missing = await unsigned(context, at);
  const signed = missing.length === 0;
  const [labels, statuses] = await Promise.all([ports.labels.list(), ports.statuses.combined(pull.head.sha)]);
  const [right, wrong] = signed ? [YES, NO] : [NO, YES];
  if (hasLabel(labels, wrong)) await ports.labels.remove(wrong);
  if (!hasLabel(labels, right)) await ports.labels.add(right);
  const state = signed ? 'success' : 'failure';
  const url = contributingUrl(config, at.org, at.repo);
  if (statuses.find(({ context: name }) => name === CONTEXT)?.state !== state)
    await ports.statuses.set(pull.head.sha, {
      context: CONTEXT,
      state,
      description: signed ? 'All commits have Signed-off-by' : 'Commits in PR missing Signed-off-by',
      url,
    });
  if (!signed && !comments) return;
  await pruneComments(ports.comments, bot, ({ body }) => body.includes(REQUEST));
  if (!signed) await ports.comments.create(requestText(url, commitList(at.org, at.repo, missing)));
}

/** Commits that need a sign-off and have none. Merges need none. */
async function unsigned({ ports, config, bot }: Context, { org }: At): Promise<Commit[]> {
  const commits = await ports.pull.commits();
  const missing = commits.filter(({ parents, message }) => parents.length <= 1 && !SIGNED.test(message));
  const { skip_dco_check_for_members: members, skip_dco_check_for_collaborators: collaborators } = config;
  if (!members && !collaborators && config.trusted_apps.length === 0) return missing;
  const rules = { ...config, only_org_members: !collaborators };
  const left: Commit[] = [];
  for (const commit of missing) {
    const trusted = commit.author !== '' && (await trustOf(commit.author, bot, org, rules, ports.people));
    if (!trusted) left.push(commit);
  }
  return left;
}

function requestText(url: string, list: string): string {
  return `${REQUEST}

:memo: **Please follow instructions in the [contributing guide](${url}) to update your commits with the DCO**

Full details of the Developer Certificate of Origin can be found at [developercertificate.org](https://developercertificate.org/).

**The list of commits missing DCO signoff**:

${list}

<details>

${ABOUT_THIS_BOT}
</details>
`;
}
