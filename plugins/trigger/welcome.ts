import { ABOUT_THIS_BOT, hasLabel, joinUrl, type PullRequest } from '../../core/plugin/index.ts';
import { type Context, NEEDS_OK_TO_TEST, OK_TO_TEST } from './needs.ts';

const HOST = 'github.com';
const [ABOUT = ''] = ABOUT_THIS_BOT.split(' I understand the commands');

/** Greets somebody who is not trusted yet, and says what has to happen before jobs run (Prow: welcomeMsg). */
export async function welcome(context: Context, org: string, repo: string, pull: PullRequest): Promise<void> {
  const { ports, config } = context;
  const list = `I understand the commands that are listed [here](https://go.k8s.io/bot-commands?repo=${encodeURIComponent(`${org}/${repo}`)}).`;
  const end = `${list}\n\n<details>\n\n${ABOUT}\n</details>\n`;
  const greeting = `Hi @${pull.author}. Thanks for your PR.`;
  if (config.ignore_ok_to_test) {
    await ports.comments.create(`${greeting}\n\n${NEVER}\n\n${end}`);
    return;
  }
  const membership = await membershipGuidance(context, org, pull);
  if (!hasLabel(await ports.labels.list(), OK_TO_TEST)) await ports.labels.add(NEEDS_OK_TO_TEST);
  await ports.comments.create(
    `${greeting}\n\n${waiting(org, config.trusted_org)}\n\n${membership}\n\n${STATUS}\n\n${end}`,
  );
}

const NEVER =
  'PRs from untrusted users cannot be marked as trusted with `/ok-to-test` in this repo meaning untrusted PR authors can never trigger tests themselves. Collaborators can still trigger tests on the PR using `/test all`.';
const STATUS = `Once the patch is verified, the new status will be reflected by the \`${OK_TO_TEST}\` label.`;

function waiting(org: string, trustedOrg: string): string {
  const people = (of: string) => `[${of}](https://${HOST}/orgs/${of}/people)`;
  const more = trustedOrg !== '' && trustedOrg !== org ? `or ${people(trustedOrg)} ` : '';
  return `I'm waiting for a ${people(org)} ${more}member to verify that this patch is reasonable to test. If it is, they should reply with \`/ok-to-test\` on its own line. Until that is done, I will not automatically test new commits in this PR, but the usual testing commands by org members will still work.`;
}

async function membershipGuidance(context: Context, org: string, pull: PullRequest): Promise<string> {
  const { prominent } = context.config.org_invite;
  const url = joinUrl(context.config, org);
  if (prominent.disabled || !(await comesOften(context, org, pull)))
    return `Regular contributors should [join the org](${url}) to skip this step.`;
  if (prominent.message !== '') return prominent.message.replaceAll('{join_org_url}', () => url);
  return `>[!TIP]\n>**We noticed you've done this a few times! Consider [joining the org](${url}) to skip this step and gain \`/lgtm\` and other bot rights.** We recommend asking approvers on your previous PRs to sponsor you.`;
}

/** Whether enough was merged from the author to be asked in. A search that fails only costs the prominent words. */
async function comesOften({ ports, config, log }: Context, org: string, pull: PullRequest): Promise<boolean> {
  if (pull.authorIsBot) return false;
  try {
    const merged = await ports.search.issues(`type:pr is:merged org:${org} author:${pull.author}`);
    return merged.length >= config.org_invite.prominent.merged_pr_threshold;
  } catch (err) {
    log.debug({ err, author: pull.author }, 'merged pull requests of the author cannot be searched');
    return false;
  }
}
