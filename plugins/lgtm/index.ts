import { type Args, commandText, decidedBy, formatResponseTo, plugin, sameLogin } from '../../core/plugin/index.ts';
import { settings } from './config.ts';
import { NEEDS, type ReviewContext } from './needs.ts';
import { onNewCommits } from './push.ts';
import { vote } from './vote.ts';

const p = plugin({
  name: 'lgtm',
  summary:
    'Marks with the `lgtm` label that somebody who may judge it finds a change good, and takes the mark back when the change changes.',
  config: settings,
  needs: NEEDS,
  priority: 'merge',
  snippet:
    'lgtm:\n- repos:\n  - kubernetes/test-infra\n  review_acts_as_lgtm: true\n  store_tree_hash: true\n  trusted_team_for_sticky_lgtm: team1\n',
});

/** One blank stands between the words, as in Prow: with two it is no command. */
function exactly(usage: string, whole: RegExp): Args<true> {
  return { usage, parse: (_given, line) => (whole.test(line) ? true : undefined) };
}

const add = p.command({
  names: ['lgtm'],
  args: exactly('[no-issue]', /^\/lgtm(?: no-issue)?$/i),
  on: 'pr',
  who: decidedBy('Collaborators on the repository, but for the author.'),
  help: "Adds the 'lgtm' label which is typically used to gate merging. An approving GitHub review may do the same.",
  examples: ['/lgtm', '/lgtm no-issue'],
  featured: true,
  run: ({ event, reply, ...context }) => vote(context, { ...event, wants: true, reply }),
});

const cancel = p.command({
  names: ['lgtm cancel', 'remove-lgtm'],
  args: exactly('', /^\/(?:lgtm cancel|remove-lgtm)$/i),
  on: 'pr',
  who: decidedBy("Collaborators on the repository. '/lgtm cancel' can be used additionally by the PR author."),
  help: "Removes the 'lgtm' label. A GitHub review that requests changes may do the same.",
  examples: ['/lgtm cancel', '/remove-lgtm'],
  featured: true,
  async run({ event, reply, ...context }) {
    if (add.said(event.text).length === 0) await vote(context, { ...event, wants: false, reply });
  },
});

const VOTES: Readonly<Record<string, boolean>> = { approved: true, changes_requested: false };

/** A review with a command in it is that command's affair; a bot's review is nobody's. */
async function onReview(context: ReviewContext): Promise<void> {
  const { event, config, bot, ports } = context;
  const { review, pull_request: pull } = event.payload;
  const wants = VOTES[review.state.toLowerCase()];
  if (!config.lgtm.review_acts_as_lgtm || wants === undefined) return;
  const body = review.body ?? '';
  const { login, type } = review.user;
  const text = commandText(body);
  if (sameLogin(login, bot) || type === 'Bot' || add.said(text).length > 0 || cancel.said(text).length > 0) return;
  await vote(context, {
    wants,
    org: event.org,
    user: login,
    author: pull.user.login,
    assignees: pull.assignees.map((assignee) => assignee.login),
    async reply(message) {
      await ports.comments.create(formatResponseTo(body, review.html_url, login, message));
    },
  });
}

/** Prow: pkg/plugins/lgtm. */
export const lgtm = p.define({
  commands: [add, cancel],
  handlers: [p.on('pull_request', ['synchronize'], onNewCommits), p.on('pull_request_review', ['submitted'], onReview)],
});
