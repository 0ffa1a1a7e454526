import {
  type Args,
  anyone,
  CutwaterError,
  plugin,
  requestReviews,
  type Said,
  splitReviewers,
} from '../../core/plugin/index.ts';

/** GitHub refuses all for one who may not review, and then each costs a request of its own: anybody could use up the bot's. */
const MOST_REVIEWERS = 30;

const p = plugin({
  name: 'assign',
  summary: 'Assigns people, and asks people and teams for reviews; without a name, whoever says it.',
  needs: ['issue', 'pull'],
});

/** Names and nothing else on the line: `/assign @a, please` is no command (Prow: pkg/plugins/assign/assign.go). */
function names(usage: string, whole: RegExp): Args<string[]> {
  return {
    usage,
    parse: (given, line) => (whole.test(line) ? (given.match(/[-/\w]+/g) ?? []) : undefined),
  };
}

/** One blank stands before each login, while before a reviewer there may be several. */
const logins = names('[[@]<username>...]', /^\/\w+(?: @?[-\w]+)*$/);
const reviewers = names('[[@]<username>...|[@]<orgname/teamname>...]', /^\/\w+(?: +@?[-/\w]+)*$/);

const data = { evenClosed: true, who: anyone, featured: true } as const;
const assignCommand = p.command({
  ...data,
  names: ['assign'],
  args: logins,
  on: 'both',
  help: 'Assigns people to the issue or pull request.',
  examples: ['/assign', '/assign @spongebob', '/assign spongebob patrick'],
});
const unassign = p.command({
  ...data,
  names: ['unassign'],
  args: logins,
  on: 'both',
  help: 'Takes people off the issue or pull request.',
  examples: ['/unassign', '/unassign @spongebob'],
});
const cc = p.command({
  ...data,
  names: ['cc'],
  args: reviewers,
  on: 'pr',
  help: 'Asks people or teams for a review.',
  examples: ['/cc', '/cc @spongebob', '/cc @kubernetes/sig-foo-bar'],
});
const uncc = p.command({
  ...data,
  names: ['uncc'],
  args: reviewers,
  on: 'pr',
  help: 'Takes the request for a review back.',
  examples: ['/uncc', '/uncc @spongebob'],
});

type NamesCommand = { said(text: string): Said<string[]>[] };

/** Who is to be added and who removed; of what a comment says about the same person, the last counts. */
function wishes(
  text: string,
  user: string,
  adds: NamesCommand,
  removes: NamesCommand,
): { add: string[]; remove: string[] } {
  const wanted = new Map<string, boolean>();
  for (const line of text.split('\n')) {
    for (const { args } of adds.said(line)) for (const name of args.length > 0 ? args : [user]) wanted.set(name, true);
    for (const { args } of removes.said(line))
      for (const name of args.length > 0 ? args : [user]) wanted.set(name, false);
  }
  const those = (value: boolean) => [...wanted].filter(([, is]) => is === value).map(([name]) => name);
  return { add: those(true), remove: those(false) };
}

/** What GitHub refuses of the one does not stop the other. */
const onComment = p.onSaid(async (context) => {
  const [assigned] = await Promise.allSettled([changeAssignees(context)]);
  if (context.event.isPull) await changeReviewers(context);
  if (assigned.status === 'rejected') throw assigned.reason;
});

type Context = Parameters<Parameters<typeof p.onSaid>[0]>[0];

async function changeAssignees({ event, ports, reply }: Context): Promise<void> {
  const { add, remove } = wishes(event.text, event.user, assignCommand, unassign);
  if (remove.length > 0) await ports.issue.unassign(...remove);
  if (add.length === 0) return;
  const now = (await ports.issue.assign(...add)).map((login) => login.toLowerCase());
  const refused = add.filter((login) => !now.includes(login.toLowerCase()));
  if (refused.length > 0) await reply(notAssigned(refused, event.org));
}

async function changeReviewers({ event, ports, reply }: Context): Promise<void> {
  const { add, remove } = wishes(event.text, event.user, cc, uncc);
  if (remove.length > 0) {
    const { users, teams } = splitReviewers(remove, event.org);
    await ports.pull.unrequestReview(users, teams);
  }
  if (add.length === 0) return;
  if (add.length > MOST_REVIEWERS)
    throw new CutwaterError('user', `I ask for at most ${MOST_REVIEWERS} reviews at once.`);
  const refused = await requestReviews(ports.pull, add, event.org);
  if (refused.length > 0) await reply(notRequested(refused, event.org));
}

function notAssigned(users: string[], org: string): string {
  return `GitHub didn't allow me to assign the following users: ${users.join(', ')}.\n\nNote that only [${org} members](https://github.com/orgs/${org}/people) with read permissions, repo collaborators and people who have commented on this issue/PR can be assigned. Additionally, issues/PRs can only have 10 assignees at the same time.\nFor more information please see [the contributor guide](https://git.k8s.io/community/contributors/guide/first-contribution.md#issue-assignment-in-github)`;
}

function notRequested(users: string[], org: string): string {
  return `GitHub didn't allow me to request PR reviews from the following users: ${users.join(', ')}.\n\nNote that only [${org} members](https://github.com/orgs/${org}/people) and repo collaborators can review this PR, and authors cannot review their own PRs.`;
}

export const assign = p.define({ commands: [assignCommand, unassign, cc, uncc], handlers: [onComment] });
