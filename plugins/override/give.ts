import type { PullRequest } from '../../core/plugin/index.ts';
import type { Presubmits } from '../../jobs/api/jobs-port.ts';
import { baseShaOf, presubmitsOfPull } from '../../jobs/api/pull.ts';
import { descriptionWithBaseSha } from '../../jobs/api/status-description.ts';
import { isAuthorized } from './authorized.ts';
import { whoCanUse } from './config.ts';
import { failedCheckRuns, type Overridable, overridables, overrideDescription, unknownMessage } from './contexts.ts';
import type { Context } from './needs.ts';

const PERSISTS =
  '\n\nThese overrides will persist across retests on the current HEAD SHA. Pushing a new commit will clear them. Use `/override-cancel` to remove them.';

/** Makes the named contexts green (Prow: pkg/plugins/override/override.go, handle). */
export async function override(context: Context, sticky: boolean): Promise<void> {
  const { event, ports, said, reply } = context;
  const command = sticky ? '/override-sticky' : '/override';
  if (said.some(({ args }) => args.length === 0))
    return reply(`${command} requires failed status contexts to operate on, but none was given`);
  const pull = await ports.pull.get();
  if (!(await isAuthorized(context, pull)))
    return reply(`${event.user} unauthorized: ${command} is restricted to ${whoCanUse(context.config, event)}`);
  const presubmits = await presubmitsOfPull(ports, () => pull);
  if (presubmits.inRepoProblem !== undefined) return reply('Failed to get presubmits');
  const open = await openContexts(context, pull, presubmits);
  const wanted = new Set(said.flatMap(({ args }) => args));
  const known = new Set([...open.statuses.flatMap(({ context: name, job }) => [name, job ?? name]), ...open.checkRuns]);
  const unknown = [...wanted].filter((name) => !known.has(name));
  if (unknown.length > 0) return reply(unknownMessage(command, unknown.sort(), [...known].sort()));
  const statuses = open.statuses.filter((status) => wanted.has(status.context) || wanted.has(status.job ?? ''));
  const checkRuns = open.checkRuns.filter((name) => wanted.has(name));
  await overrideStatuses(context, pull, statuses, overrideDescription(event.user, sticky));
  for (const name of checkRuns) await overrideCheckRun(context, pull, name);
  const done = [...new Set([...statuses.map((status) => status.context), ...checkRuns])].sort();
  await reply(`Overrode contexts on behalf of ${event.user}: ${done.join(', ')}${sticky ? PERSISTS : ''}`);
}

/** Only an App may make check runs, so to a bot with a token they are nothing that could be overridden. */
async function openContexts({ ports, bot }: Context, pull: PullRequest, presubmits: Presubmits) {
  const jobs = presubmits.jobs.filter((job) => presubmits.couldRun(job, pull.base.ref));
  const [statuses, runs, required] = await Promise.all([
    ports.statuses.combined(pull.head.sha),
    bot.endsWith('[bot]') ? ports.statuses.checkRuns(pull.head.sha) : [],
    ports.repo.requiredContexts(pull.base.ref),
  ]);
  const checkRuns = failedCheckRuns(runs);
  const jobOf = (context: string) => jobs.find((job) => job.context === context)?.name;
  const missing = required.filter((context) => !runs.some(({ name }) => name === context));
  return { statuses: overridables(statuses, missing, jobOf), checkRuns };
}

/** The ProwJob that stands for the result comes first: tide would start the job again without it. */
async function overrideStatuses(
  { event, ports }: Context,
  pull: PullRequest,
  statuses: readonly Overridable[],
  description: string,
): Promise<void> {
  if (statuses.length === 0) return;
  const baseSha = await baseShaOf(ports, pull);
  const jobs = statuses.flatMap(({ job }) => job ?? []);
  if (jobs.length > 0)
    await ports.jobs.startPresubmits({
      jobs,
      pull: {
        number: pull.number,
        title: pull.title,
        author: pull.author,
        url: pull.url,
        headSha: pull.head.sha,
        headRef: pull.head.ref,
        baseRef: pull.base.ref,
        baseSha,
      },
      delivery: event.delivery,
      ended: { state: 'success', description, url: event.url },
    });
  for (const { context, url } of statuses)
    await ports.statuses.set(pull.head.sha, {
      context,
      state: 'success',
      description: descriptionWithBaseSha(description, baseSha),
      ...(url !== '' && { url }),
    });
}

async function overrideCheckRun({ ports }: Context, pull: PullRequest, name: string): Promise<void> {
  await ports.statuses.createCheckRun(pull.head.sha, {
    name,
    conclusion: 'success',
    title: `Prow override - ${name}`,
    summary: `Prow has received override command for the ${name} checkrun.`,
  });
}
