import type { Approval } from './approvals.ts';
import type { Decision } from './decision.ts';

const NAME = '[APPROVALNOTIFIER]';

export interface NoticeFacts {
  decision: Decision;
  /** Whether a person set the label by hand. */
  manual: boolean;
  issueRequired: boolean;
  issue: number;
  helpLink: string;
  processLink: string;
  /** The repository's page. */
  repoUrl: string;
  org: string;
  repo: string;
  branch: string;
  /** The name of OWNERS files. */
  ownersFile: string;
}

/** Whether a comment of the bot's is such a notice. */
export function isNotice(body: string): boolean {
  return body.slice(0, NAME.length).toUpperCase() === NAME;
}

/** Prow: pkg/plugins/approve/approvers/owners.go, GetMessage; people and programs read it, so it is Prow's to the letter. */
export function noticeText(facts: NoticeFacts): string {
  const { decision, manual } = facts;
  const title = `This PR is **${decision.requirementsMet || manual ? '' : 'NOT '}APPROVED**`;
  return `${NAME} ${title}\n\n${body(facts)}\n<!-- META=${metadata(decision.suggested)} -->`;
}

function body(facts: NoticeFacts): string {
  const { decision, manual, helpLink, processLink, org, repo } = facts;
  const settled = decision.filesApproved || manual;
  const bypassed =
    manual && !decision.requirementsMet ? 'Approval requirements bypassed by manually added approval.\n\n' : '';
  const asked = settled ? '' : `\n${request(decision, processLink)}`;
  const process = settled ? `The pull request process is described [here](${processLink})\n\n` : '';
  return `${bypassed}This pull-request has been approved by:${links(decision.approvals)}${asked}

${issueNote(facts)}The full list of commands accepted by this bot can be found [here](${helpLink}?repo=${org}%2F${repo}).

${process}<details ${settled ? '' : 'open'}>
Needs approval from an approver in each of these files:

${decision.areas.map((area) => areaLine(area, facts)).join('')}
Approvers can indicate their approval by writing \`/approve\` in a comment
Approvers can cancel approval by writing \`/approve cancel\` in a comment
</details>`;
}

function links(approvals: readonly Approval[]): string {
  const each = approvals.map(({ login, how, url }) => `*<a href="${url}" title="${how}">${login}</a>*`);
  return each.length > 0 ? ` ${each.join(', ')}` : '';
}

function request({ assigned, unassigned }: Decision, processLink: string): string {
  const first = '**Once this PR has been reviewed and has the lgtm label**, please';
  const more = `For more information see [the Code Review Process](${processLink}).`;
  const people = (logins: string[]) => logins.map((login) => `[${login}](https://github.com/${login})`).join(', ');
  if (unassigned.length > 0 && assigned.length > 0)
    return `${first} ask for approval from ${people(assigned)} and additionally assign ${people(unassigned)} for approval. ${more}`;
  if (unassigned.length > 0) return `${first} assign ${people(unassigned)} for approval. ${more}`;
  return assigned.length > 0 ? `${first} ask for approval from ${people(assigned)}. ${more}` : '';
}

function issueNote({ decision, manual, issueRequired, issue }: NoticeFacts): string {
  if (!issueRequired) return '';
  if (issue !== 0) return `Associated issue: *#${issue}*\n\n`;
  if (decision.noIssue.length > 0) return `Associated issue requirement bypassed by:${links(decision.noIssue)}\n\n`;
  if (manual) return '*No associated issue*. Requirement bypassed by manually added approval.\n\n';
  return '*No associated issue*. Update pull-request body to add a reference to an issue, or get approval with `/approve no-issue`\n\n';
}

function areaLine({ name, approved, approvers }: Decision['areas'][number], facts: NoticeFacts): string {
  const path = name.endsWith('.md') ? name : [name, facts.ownersFile].filter((part) => part !== '').join('/');
  const link = `[${path}](${facts.repoUrl}/blob/${facts.branch}/${path})`;
  const by = `[${approvers.join(',')}]`;
  if (approved) return `- ~~${link}~~ ${by}\n`;
  if (approvers.length === 0) return `- **${link}**\n`;
  return `- **${link}** ${by}\n  > Need more approvers for rest parts.\n`;
}

/** As Go writes JSON, which also keeps the HTML comment closed until its end. */
function metadata(approvers: readonly string[]): string {
  return JSON.stringify({ approvers }).replace(
    /[<>&]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
