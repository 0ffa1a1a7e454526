import type { Bug } from '../../core/plugin/index.ts';
import { type Case, findBug, isAllowed } from './case.ts';
import { check } from './check.ts';
import { onClose } from './close.ts';
import type { BugEvent, Context } from './event.ts';
import { onMerge } from './merge.ts';
import { cloneForPick } from './pick.ts';
import { bugLink } from './words.ts';

/** Prow: pkg/plugins/bugzilla/bugzilla.go, handle. */
export async function handle(context: Context, event: BugEvent): Promise<void> {
  const url = await context.ports.bugzilla.url();
  if (url === undefined) return context.log.info('A bug is to be looked at, but --bugzilla-endpoint is not given');
  const options = context.config.forBranch(event.pull.base.ref);
  const about: Case = { context, event, options, url };
  const bug = event.bug === undefined ? undefined : await findBug(about, event.bug, event.reply);
  if (event.bug !== undefined && !bug) return;
  if (bug && !isAllowed(bug, options)) return tellRestricted(about, bug);
  if (event.pull.merged) return bug && onMerge(about, bug);
  if (event.why === 'closed') return bug && onClose(about, bug);
  if (event.picksFrom !== undefined)
    return options.enable_backporting ? cloneForPick(about, event.picksFrom) : undefined;
  return check(about, bug);
}

/** Only those who ask, or open a pull request, learn that the bug is not for here. */
async function tellRestricted({ event, options, url }: Case, bug: Bug): Promise<void> {
  if (event.why !== 'opened' && event.why !== 'refresh') return;
  const groups = (options.allowed_groups ?? []).map((group) => `\n- ${group}`).join('');
  await event.reply(
    `${bugLink(bug.id, url)} is in a bug group that is not in the allowed groups for this repo.\nAllowed groups for this repo are:${groups}`,
  );
}
