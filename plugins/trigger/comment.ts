import { hasLabel, pruneComments, sameLogin } from '../../core/plugin/index.ts';
import { type JobComment, readJobComment, wishOf } from '../../jobs/api/comment.ts';
import type { Presubmits } from '../../jobs/api/jobs-port.ts';
import { RETEST } from '../../jobs/api/labels.ts';
import { presubmitsOfPull, pullFacts } from '../../jobs/api/pull.ts';
import { helpMessage, helpNote, isHelp } from './help.ts';
import { type CommentContext, NEEDS_OK_TO_TEST, OK_TO_TEST } from './needs.ts';
import { start } from './start.ts';
import { isTrusted, isTrustedPull } from './trust.ts';
import { approveWorkflows, rerunWorkflows } from './workflows.ts';

const CANNOT = 'Cannot trigger testing until a trusted user reviews the PR and leaves an `/ok-to-test` message.';
const NEVER =
  'PRs from untrusted users cannot be marked as trusted with `/ok-to-test` in this repo meaning untrusted PR authors can never trigger tests themselves. Collaborators can still trigger tests on the PR using `/test`.';

/** Prow: pkg/plugins/trigger/generic-comment.go. */
export async function onComment(context: CommentContext): Promise<void> {
  const { event, ports, config, bot, reply } = context;
  if (!event.isPull || event.state !== 'open' || sameLogin(event.user, bot)) return;
  const comment = readJobComment(event.text);
  const presubmits = await presubmitsOfPull(ports, ports.pull.get);
  if (!isAboutJobs(comment) && !presubmits.triggeredBy(event.text)) return;
  const trusted = await isTrusted(context, event.org, event.user);
  if (!trusted && !(await isTrustedPull(context, event.org, event.author)))
    return reply(config.ignore_ok_to_test ? NEVER : CANNOT);
  if (comment.okToTestCancel && !config.ignore_ok_to_test) return revoke(context, trusted);
  await updateLabels(context, comment.okToTest && !config.ignore_ok_to_test);
  await run(context, comment, presubmits);
}

/** Any command of this plugin, whatever jobs there are. */
function isAboutJobs({ anyTest: _, ...commands }: JobComment): boolean {
  return Object.values(commands).some(Boolean);
}

async function revoke({ ports, reply }: CommentContext, trusted: boolean): Promise<void> {
  if (!trusted) return reply('Only trusted users can revoke `/ok-to-test`.');
  const labels = await ports.labels.list();
  if (hasLabel(labels, OK_TO_TEST)) await ports.labels.remove(OK_TO_TEST);
  if (!hasLabel(labels, NEEDS_OK_TO_TEST)) await ports.labels.add(NEEDS_OK_TO_TEST);
}

async function updateLabels({ ports }: CommentContext, okToTest: boolean): Promise<void> {
  const labels = await ports.labels.list();
  const vouched = hasLabel(labels, OK_TO_TEST);
  if (okToTest && !vouched) await ports.labels.add(OK_TO_TEST);
  if ((okToTest || vouched) && hasLabel(labels, NEEDS_OK_TO_TEST)) await ports.labels.remove(NEEDS_OK_TO_TEST);
}

async function run(context: CommentContext, comment: JobComment, presubmits: Presubmits): Promise<void> {
  const { event, ports, config, bot, reply } = context;
  const honored = !config.ignore_ok_to_test;
  const pull = await ports.pull.get();
  if (config.trigger_github_workflows && honored && comment.okToTest) await approveWorkflows(context, pull);
  const facts = pullFacts(ports, pull);
  const decisions = await presubmits.select(wishOf(event.text, comment, honored), facts);
  const jobs = decisions.filter(({ runs }) => runs).map(({ job }) => job);
  const note = helpNote(comment, jobs.length);
  if (note !== undefined) {
    const place = `${event.org}/${event.repo}@${pull.base.ref}`;
    return reply(helpMessage(place, note, await presubmits.available(facts)));
  }
  if (config.trigger_github_workflows && (comment.retest || comment.testAll)) await rerunWorkflows(context, pull);
  if (comment.anyTest) await pruneComments(ports.comments, bot, ({ body }) => isHelp(body));
  const retest = comment.retest || comment.retestRequired;
  await start(context, pull, jobs, event.delivery, retest ? { [RETEST]: 'true' } : {});
}
