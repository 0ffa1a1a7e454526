import { type Args, anyone, plugin, requestReviews, type Said, splitReviewers } from '../../core/plugin/index.ts';

const p = plugin({
  name: 'assign',
  summary: 'Assigns people, and asks people and teams for reviews; without a name, whoever says it.',
  needs: ['issue', 'pull'],
});

/** Names separated by blanks and nothing else on the line: `/assign @a, please` is no command (Prow: pkg/plugins/assign/assign.go). */
function names(usage: string, allowed: RegExp): Args<string[]> {
  return {
    usage,
    parse(given) {
      const all = given.split(/[ \t]+/).filter((word) => word !== '');
      return all.every((word) => allowed.test(word)) ? all.map((word) => word.replace(/^@/, '')) : undefined;
    },
  };
}

const logins = names('[[@]<username>...]', /^@?[-\w]+$/);
const reviewers = names('[[@]<username>...|[@]<orgname/teamname>...]', /^@?[-/\w]+$/);

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

const onComment = p.onSaid(async ({ event, ports, reply }) => {
  const { org, text, user, isPull } = event;
  const assignees = wishes(text, user, assignCommand, unassign);
  if (assignees.remove.length > 0) await ports.issue.unassign(...assignees.remove);
  if (assignees.add.length > 0) {
    const now = (await ports.issue.assign(...assignees.add)).map((login) => login.toLowerCase());
    const refused = assignees.add.filter((login) => !now.includes(login.toLowerCase()));
    if (refused.length > 0) await reply(notAssigned(refused, org));
  }
  if (!isPull) return;
  const reviews = wishes(text, user, cc, uncc);
  if (reviews.remove.length > 0) {
    const { users, teams } = splitReviewers(reviews.remove, org);
    await ports.pull.unrequestReview(users, teams);
  }
  if (reviews.add.length > 0) {
    const refused = await requestReviews(ports.pull, reviews.add, org);
    if (refused.length > 0) await reply(notRequested(refused, org));
  }
});

function notAssigned(users: string[], org: string): string {
  return `GitHub didn't allow me to assign the following users: ${users.join(', ')}.\n\nNote that only [${org} members](https://github.com/orgs/${org}/people) with read permissions, repo collaborators and people who have commented on this issue/PR can be assigned. Additionally, issues/PRs can only have 10 assignees at the same time.\nFor more information please see [the contributor guide](https://git.k8s.io/community/contributors/guide/first-contribution.md#issue-assignment-in-github)`;
}

function notRequested(users: string[], org: string): string {
  return `GitHub didn't allow me to request PR reviews from the following users: ${users.join(', ')}.\n\nNote that only [${org} members](https://github.com/orgs/${org}/people) and repo collaborators can review this PR, and authors cannot review their own PRs.`;
}

export const assign = p.define({ commands: [assignCommand, unassign, cc, uncc], handlers: [onComment] });
