import { type EventContext, formatSimpleResponse, hasLabel, plugin, pruneComments } from '../../core/plugin/index.ts';
import { type CherryPickUnapprovedSettings, settings } from './config.ts';

const APPROVED = 'cherry-pick-approved';
const UNAPPROVED = 'do-not-merge/cherry-pick-not-approved';

const p = plugin({
  name: 'cherry-pick-unapproved',
  summary: `Label PRs against a release branch which do not have the \`${APPROVED}\` label with the \`${UNAPPROVED}\` label.`,
  config: settings,
  needs: ['labels', 'comments'],
  snippet:
    'cherry_pick_unapproved:\n  branchregexp: ^release-*\n  comment: This is why your cherry-pick cannot be approved.\n',
});

type Context = Pick<
  EventContext<'pull_request', 'labels' | 'comments', CherryPickUnapprovedSettings>,
  'ports' | 'config' | 'bot'
>;

/** Prow: pkg/plugins/cherrypickunapproved/cherrypick-unapproved.go. */
const onPull = p.on(
  'pull_request',
  ['opened', 'reopened', 'labeled', 'unlabeled', 'edited'],
  async ({ event, ...context }) => {
    const { pull, payload } = event;
    if (!pull) return;
    const { branches } = context.config;
    const isCherryPick = branches.test(pull.base.ref);
    if (payload.action === 'edited') {
      const before = payload.changes.base?.ref.from;
      if (before === undefined || branches.test(before) === isCherryPick) return;
      return isCherryPick ? askForApproval(context) : forget(context);
    }
    if (!isCherryPick) return;
    const isLabelling = payload.action === 'labeled' || payload.action === 'unlabeled';
    if (isLabelling && !hasLabel([APPROVED, UNAPPROVED], payload.label.name)) return;
    await askForApproval(context);
  },
);

async function askForApproval(context: Context): Promise<void> {
  const { ports, config } = context;
  const labels = await ports.labels.list();
  const held = hasLabel(labels, UNAPPROVED);
  if (hasLabel(labels, APPROVED)) {
    if (held) await ports.labels.remove(UNAPPROVED);
    return prune(context);
  }
  if (held) return;
  await ports.labels.add(UNAPPROVED);
  await ports.comments.create(formatSimpleResponse(config.comment));
}

/** The pull request was moved to a branch where it is no cherry-pick. */
async function forget(context: Context): Promise<void> {
  const labels = await context.ports.labels.list();
  for (const label of [APPROVED, UNAPPROVED]) if (hasLabel(labels, label)) await context.ports.labels.remove(label);
  await prune(context);
}

function prune({ ports, config, bot }: Context): Promise<void> {
  return pruneComments(ports.comments, bot, ({ body }) => body.includes(config.comment));
}

export const cherryPickUnapproved = p.define({ handlers: [onPull] });
