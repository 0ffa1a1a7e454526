import { hasLabel, type PullRequest, sameLogin } from '../../core/plugin/index.ts';
import type { Presubmits } from '../../jobs/api/jobs-port.ts';
import { presubmitsOfPull } from '../../jobs/api/pull.ts';
import { NEEDS_OK_TO_TEST, OK_TO_TEST, type PullContext } from './needs.ts';
import { startAutomatic } from './start.ts';
import { isTrusted, isTrustedPull } from './trust.ts';
import { welcome } from './welcome.ts';

export const PULL_ACTIONS = [
  'opened',
  'reopened',
  'edited',
  'synchronize',
  'labeled',
  'closed',
  'ready_for_review',
  'converted_to_draft',
] as const;

const DRAFT =
  'Skipping CI for Draft Pull Request.\nIf you want CI signal for your change, please convert it to an actual PR.\nYou can still manually trigger a test run with `/test all`';

type Step = (context: PullContext, pull: PullRequest, presubmits: Presubmits) => Promise<void>;

/** Prow: pkg/plugins/trigger/pull-request.go. A repository without presubmits is none of this plugin's business. */
export async function onPull(context: PullContext): Promise<void> {
  const { pull } = context.event;
  const step = stepFor(context);
  if (!pull || !step) return;
  const presubmits = await presubmitsOfPull(context.ports, () => pull);
  if (presubmits.jobs.length > 0) await step(context, pull, presubmits);
}

/** What the event asks for; most that happens to a pull request asks for nothing. */
function stepFor({ event, bot }: PullContext): Step | undefined {
  const { payload } = event;
  if (payload.action === 'opened') return onOpened;
  if (payload.action === 'synchronize') return onNewCommits;
  if (payload.action === 'closed' || payload.action === 'converted_to_draft') return abort;
  if (payload.action === 'reopened' || payload.action === 'ready_for_review') return startIfTrusted;
  if (payload.action === 'edited') return payload.changes?.base ? startIfTrusted : undefined;
  if (payload.action !== 'labeled') return undefined;
  if (payload.label?.name === 'lgtm') return startIfUntrusted;
  // The bot adds the label for a comment, and that comment starts the jobs.
  return payload.label?.name === OK_TO_TEST && !sameLogin(payload.sender.login, bot) ? startAll : undefined;
}

const onOpened: Step = async (context, pull, presubmits) => {
  const { event, ports } = context;
  if (!(await isTrusted(context, event.org, pull.author))) return welcome(context, event.org, event.repo, pull);
  if (pull.draft) await ports.comments.create(DRAFT);
  else await startAll(context, pull, presubmits);
};

/** What runs for older commits is of no use any more. New jobs start even where that cannot be stopped. */
const onNewCommits: Step = async (context, pull, presubmits) => {
  const [aborted] = await Promise.allSettled([context.ports.jobs.abortPresubmits(context.event.delivery)]);
  await startIfTrusted(context, pull, presubmits);
  if (aborted.status === 'rejected') throw aborted.reason;
};

const abort: Step = async ({ ports, event }) => {
  await ports.jobs.abortPresubmits(event.delivery);
};

const startAll: Step = (context, pull, presubmits) => startAutomatic(context, pull, presubmits, context.event.delivery);

const startIfTrusted: Step = async (context, pull, presubmits) => {
  const { event, ports } = context;
  if (!(await isTrusted(context, event.org, pull.author))) {
    const labels = await ports.labels.list();
    if (!hasLabel(labels, OK_TO_TEST)) return;
    if (hasLabel(labels, NEEDS_OK_TO_TEST)) await ports.labels.remove(NEEDS_OK_TO_TEST);
  }
  await startAll(context, pull, presubmits);
};

/** Somebody who may has looked at a stranger's change: it is tested once. */
const startIfUntrusted: Step = async (context, pull, presubmits) => {
  if (!(await isTrustedPull(context, context.event.org, pull.author))) await startAll(context, pull, presubmits);
};
