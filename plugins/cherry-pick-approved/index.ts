import { hasLabel, plugin, sameLogin } from '../../core/plugin/index.ts';
import { type CherryPickApproval, settings } from './config.ts';

const APPROVED = 'cherry-pick-approved';
const UNAPPROVED = 'do-not-merge/cherry-pick-not-approved';

/** With any of these nobody's approval helps. */
const BLOCKING = [
  'do-not-merge/blocked-paths',
  'cncf-cla: no',
  'do-not-merge/hold',
  'do-not-merge/invalid-owners-file',
  'bugzilla/invalid-bug',
  'do-not-merge/contains-merge-commits',
  'needs-ok-to-test',
  'needs-rebase',
  'do-not-merge/release-note-label-needed',
  'do-not-merge/work-in-progress',
];

const p = plugin({
  name: 'cherry-pick-approved',
  summary:
    'The cherry-pick-approved plugin helps a defined set of maintainers to approve cherry-picks by using GitHub reviews',
  config: settings,
  needs: ['labels', 'statuses'],
  snippet: 'cherry_pick_approved:\n- branchregexp: ^release-*\n',
});

/** Prow: pkg/plugins/cherrypickapproved/cherrypickapproved.go. */
const onReview = p.on('pull_request_review', ['submitted'], async ({ event, ports, config, log }) => {
  const { review, pull_request: pull } = event.payload;
  const [rule] = config;
  if (!rule?.branches.test(pull.base.ref) || review.state.toLowerCase() !== 'approved') return;
  if (!rule.approvers.some((login) => sameLogin(login, review.user.login))) return;
  const statuses = await ports.statuses.combined(pull.head.sha);
  if (statuses.some(({ state }) => state === 'error' || state === 'failure'))
    return log.info('the cherry-pick is not approved: tests failed');
  const labels = await ports.labels.list();
  if (!isReady(labels, rule)) return log.info({ labels }, 'the cherry-pick is not approved: its labels say otherwise');
  if (!hasLabel(labels, APPROVED)) await ports.labels.add(APPROVED);
  if (hasLabel(labels, UNAPPROVED)) await ports.labels.remove(UNAPPROVED);
});

function isReady(labels: readonly string[], rule: CherryPickApproval): boolean {
  if (!rule.allow_missing_lgtm_label && !hasLabel(labels, 'lgtm')) return false;
  if (!rule.allow_missing_approved_label && !hasLabel(labels, 'approved')) return false;
  return !BLOCKING.some((label) => hasLabel(labels, label));
}

export const cherryPickApproved = p.define({ handlers: [onReview] });
