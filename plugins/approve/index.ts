import { commandText, decidedBy, plugin, rest, sameLogin } from '../../core/plugin/index.ts';
import type { Verdict } from './approvals.ts';
import { type ApproveSettings, settings } from './config.ts';
import { LABEL, NEEDS, review } from './review.ts';

const p = plugin({
  name: 'approve',
  summary:
    'Finds the owners whose approval a change still needs, keeps a comment that says so, and sets the `approved` label when all have given it.',
  config: settings,
  needs: NEEDS,
  priority: 'merge',
  snippet:
    'approve:\n- repos:\n  - ORGANIZATION\n  - ORGANIZATION/REPOSITORY\n  require_self_approval: false\n  ignore_review_state: false\n',
});

const who = decidedBy("Users listed as 'approvers' in appropriate OWNERS files.");

const approveCommand = p.command({
  names: ['approve'],
  args: rest('no-issue|cancel'),
  on: 'pr',
  who,
  help: 'Approves a pull request. An approving GitHub review may do the same.',
  examples: ['/approve', '/approve no-issue', '/approve cancel'],
  featured: true,
});

const remove = p.command({
  names: ['remove-approve'],
  args: rest('reason'),
  on: 'pr',
  who,
  help: 'Takes your approval back.',
  examples: ['/remove-approve'],
  featured: true,
});

/** The command of another plugin, which here counts as well where the settings say so. */
const lgtm = p.command({
  names: ['lgtm'],
  args: rest('no-issue|cancel'),
  on: 'pr',
  who,
  help: 'Approves a pull request, where it counts as approval.',
  examples: ['/lgtm'],
});

/** Every line of the text that gives or takes an approval, in order. */
function verdictsBy({ approve: { lgtm_acts_as_approve: lgtmCounts } }: ApproveSettings): (text: string) => Verdict[] {
  return (text) =>
    text.split('\n').flatMap((line): Verdict[] => {
      if (remove.said(line).length > 0) return ['cancel'];
      const [approves] = approveCommand.said(line);
      const [said] = approves || !lgtmCounts ? [approves] : lgtm.said(line);
      if (!said) return [];
      const argument = said.args.toLowerCase();
      if (argument.includes('cancel')) return ['cancel'];
      return [{ how: approves ? 'Approved' : 'LGTM', noIssue: argument === 'no-issue' }];
    });
}

/** A description counts for nothing, and the pull request's own event has this plugin look at it. */
const onComment = p.onComment(['created'], async (context) => {
  const { event, config, bot, ports } = context;
  if (!event.isPull || event.state === 'closed' || event.source === 'description') return;
  const verdicts = verdictsBy(config);
  if (sameLogin(event.user, bot) || verdicts(event.text).length === 0) return;
  await review(context, { ...event, pull: await ports.pull.get(), verdicts });
});

const COUNTING = ['approved', 'changes_requested', 'dismissed'];

/** A review with a command in it is that command's affair. */
const onReview = p.on('pull_request_review', ['submitted', 'dismissed'], async (context) => {
  const { event, config, bot, ports } = context;
  const { state, body, user } = event.payload.review;
  if (config.approve.ignore_review_state || !COUNTING.includes(state.toLowerCase())) return;
  if (user.type === 'Bot' || sameLogin(user.login, bot)) return;
  const verdicts = verdictsBy(config);
  if (verdicts(commandText(body ?? '')).length > 0) return;
  await review(context, { ...event, pull: event.pull ?? (await ports.pull.get()), verdicts });
});

const onPull = p.on('pull_request', ['opened', 'reopened', 'synchronize', 'labeled'], async (context) => {
  const { event, config, bot } = context;
  const { pull, payload } = event;
  if (!pull) return;
  if (payload.action === 'labeled') {
    const byBot = sameLogin(payload.sender.login, bot);
    if (payload.label.name.toLowerCase() !== LABEL || byBot || pull.state === 'closed') return;
  }
  await review(context, { ...event, pull, verdicts: verdictsBy(config) });
});

/** Prow: pkg/plugins/approve. */
export const approve = p.define({ commands: [approveCommand, remove], handlers: [onComment, onReview, onPull] });
