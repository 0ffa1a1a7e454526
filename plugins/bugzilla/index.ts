import { anyone, formatResponseTo, none, plugin } from '../../core/plugin/index.ts';
import { describe } from './describe.ts';
import { type BugEvent, bugOf, eventOfPull, NEEDS } from './event.ts';
import { handle } from './handle.ts';
import { bugSettings } from './options.ts';

const p = plugin({
  name: 'bugzilla',
  summary: 'The bugzilla plugin ensures that pull requests reference a valid Bugzilla bug in their title.',
  config: { ...bugSettings, describe },
  needs: NEEDS,
  snippet:
    "bugzilla:\n  default:\n    '*':\n      validate_by_default: true\n      is_open: true\n      target_release: release1\n      valid_states:\n      - status: MODIFIED\n      - status: CLOSED\n        resolution: ERRATA\n      state_after_validation:\n        status: VERIFIED\n      state_after_merge:\n        status: RELEASE_PENDING\n        resolution: RESOLVED\n      add_external_link: true\n      allowed_groups:\n      - group1\n  orgs:\n    org:\n      repos:\n        repo:\n          branches:\n            release-1:\n              target_release: release1.1\n",
});

const commands = [
  p.command({
    names: ['bugzilla refresh'],
    args: none,
    on: 'both',
    evenClosed: true,
    who: anyone,
    help: 'Check Bugzilla for a valid bug referenced in the PR title',
    examples: ['/bugzilla refresh'],
  }),
  p.command({
    names: ['bugzilla assign-qa'],
    args: none,
    on: 'both',
    evenClosed: true,
    who: anyone,
    help: '(DEPRECATED) Assign PR to QA contact specified in Bugzilla',
    examples: ['/bugzilla assign-qa'],
  }),
  p.command({
    names: ['bugzilla cc-qa'],
    args: none,
    on: 'both',
    evenClosed: true,
    who: anyone,
    help: 'Request PR review from QA contact specified in Bugzilla',
    examples: ['/bugzilla cc-qa'],
  }),
];

const WHYS = ['refresh', 'assign-qa', 'cc-qa'] as const;

/** Of several commands in one comment the first of this list counts, as in Prow. */
const onSaid = p.onSaid(async (context) => {
  const { event, ports, reply } = context;
  const why = WHYS.find((_name, index) => (commands[index]?.said(event.text) ?? []).length > 0);
  if (why === undefined) return;
  if (!event.isPull) return reply('Bugzilla bug referencing is only supported for Pull Requests, not issues.');
  const pull = await ports.pull.get();
  await handle(context, { org: event.org, repo: event.repo, pull, bug: bugOf(pull.title), why, reply });
});

const onPull = p.on('pull_request', ['opened', 'reopened', 'edited', 'closed'], async (context) => {
  const { event, ports } = context;
  const { org, repo, pull } = event;
  const found = eventOfPull(context);
  if (!pull || !found) return;
  const reply: BugEvent['reply'] = async (message) => {
    await ports.comments.create(formatResponseTo(pull.title, pull.url, pull.author, message));
  };
  await handle(context, { org, repo, pull, reply, ...found });
});

/** Prow: pkg/plugins/bugzilla. */
export const bugzilla = p.define({ commands, handlers: [onSaid, onPull] });
