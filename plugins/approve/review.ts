import {
  type ChangedFile,
  type CommandEventContext,
  changedPaths,
  hasLabel,
  type PullRequest,
  type Review,
  sameLogin,
} from '../../core/plugin/index.ts';
import { type Approval, approvalsIn, associatedIssue, remarksOf, type Verdict } from './approvals.ts';
import { areasOf } from './areas.ts';
import type { ApproveSettings } from './config.ts';
import { type Decision, decide } from './decision.ts';
import { isNotice, noticeText } from './notice.ts';

export const LABEL = 'approved';
/** GitHub lists no more files of a pull request. */
const MOST_FILES = 3000;

/** What approve sees of GitHub. */
export const NEEDS = ['labels', 'comments', 'reviews', 'pull', 'owners'] as const;

export type Context = Pick<
  CommandEventContext<(typeof NEEDS)[number], ApproveSettings>,
  'ports' | 'config' | 'bot' | 'log'
>;

export interface Subject {
  org: string;
  repo: string;
  pull: PullRequest;
  verdicts(text: string): Verdict[];
}

/** Works out anew, from all that was said, whether the pull request is approved; then the notice and the label say so (Prow: handle). */
export async function review(context: Context, subject: Subject): Promise<void> {
  const { ports, config, bot } = context;
  const { pull } = subject;
  const [files, labels, comments, lines, reviews, owners] = await Promise.all([
    ports.pull.files(),
    ports.labels.list(),
    ports.comments.list(),
    ports.reviews.lineComments(),
    ports.reviews.list(),
    ports.owners.load(pull.base.ref),
  ]);
  const self: Approval = { login: pull.author, how: 'Author self-approved', url: `${pull.url}#`, noIssue: false };
  const approvals = approvalsIn(remarksOf(comments, lines, reviews), {
    ...(!config.approve.require_self_approval && { self }),
    reviewsCount: !config.approve.ignore_review_state,
    isBot: isBotOf(bot, reviews),
    verdicts: subject.verdicts,
  });
  const paths = pathsOf(files);
  const issue = associatedIssue(pull.body, subject.org);
  const decision = decide({
    number: pull.number,
    changedFiles: paths.length,
    areas: areasOf(paths, owners),
    approvals,
    assignees: pull.assignees,
    issueRequired: config.approve.issue_required,
    issue,
  });
  const labelled = hasLabel(labels, LABEL);
  const manual = labelled && !decision.requirementsMet && (await isSetByHand(context));
  const text = noticeFor(context, subject, { decision, manual, issue, ownersFile: owners.filenames.owners });
  await notify(
    context,
    comments.filter(({ author, body }) => sameLogin(author, bot) && isNotice(body)),
    text,
  );
  const approved = decision.requirementsMet || manual;
  if (approved && !labelled) await ports.labels.add(LABEL);
  if (!approved && labelled) await ports.labels.remove(LABEL);
}

/** What GitHub does not list may be anything, so that it takes those who may approve everything. */
function pathsOf(files: readonly ChangedFile[]): string[] {
  const listed = changedPaths(files);
  return files.length < MOST_FILES ? listed : [...listed, '.'];
}

/** The bot itself, and Apps that review; an App that only comments may be an approver, as in Prow. */
function isBotOf(bot: string, reviews: readonly Review[]): (login: string) => boolean {
  const apps = new Set(reviews.filter(({ author }) => author.endsWith('[bot]')).map(({ author }) => author));
  return (login) => sameLogin(login, bot) || apps.has(login);
}

/** Whether the label that stands was set by somebody else than the bot. */
async function isSetByHand({ ports, bot }: Context): Promise<boolean> {
  const last = (await ports.labels.history()).findLast(
    ({ action, label }) => action === 'labeled' && label.toLowerCase() === LABEL,
  );
  return last !== undefined && last.actor !== '' && !sameLogin(last.actor, bot);
}

function noticeFor(
  { config }: Context,
  { org, repo, pull }: Subject,
  facts: { decision: Decision; manual: boolean; issue: number; ownersFile: string },
): string {
  return noticeText({
    ...facts,
    issueRequired: config.approve.issue_required,
    helpLink: config.approve.commandHelpLink,
    processLink: config.approve.pr_process_link,
    repoUrl: `${config.github.link_url}/${org}/${repo}`,
    org,
    repo,
    branch: pull.base.ref,
  });
}

/** One notice stands, and it is written anew only when it says something else. */
async function notify({ ports }: Context, standing: { id: number; body: string }[], text: string): Promise<void> {
  if (standing.at(-1)?.body.replaceAll('\r\n', '\n').includes(text)) return;
  for (const { id } of standing) await ports.comments.delete(id);
  await ports.comments.create(text);
}
