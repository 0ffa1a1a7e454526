import {
  anyone,
  type EventContext,
  formatSimpleResponse,
  none,
  pause,
  plugin,
  pruneComments,
} from '../../core/plugin/index.ts';
import { type Requirement, requirements } from './config.ts';
import { type Place, requirementsFor, verdict } from './rules.ts';

const NEEDS = ['labels', 'comments', 'pull'] as const;
const ACTIONS = ['opened', 'reopened', 'labeled', 'unlabeled'];

const p = plugin({
  name: 'require-matching-label',
  summary:
    "Labels issues and pull requests that have no label matching a regular expression, such as 'needs-sig' where there is no 'sig/*' label, and may say in a comment what to do about it.",
  needs: NEEDS,
  config: requirements,
  snippet:
    'require_matching_label:\n- org: org\n  repo: repo\n  branch: master\n  prs: true\n  issues: true\n  regexp: ^kind/\n  missing_label: needs-kind\n  missing_comment: Please add a label referencing the kind.\n  grace_period: 5s\n',
});

type Context = Pick<EventContext<never, (typeof NEEDS)[number], Requirement[]>, 'ports' | 'config' | 'bot' | 'signal'>;

/** Prow: pkg/plugins/require-matching-label/require-matching-label.go. */
async function check(place: Place, { ports, config, bot, signal }: Context): Promise<void> {
  const found = requirementsFor(place, config);
  if (found.length === 0) return;
  if (place.label === undefined) await pause(Math.max(...found.map(({ graceMs }) => graceMs)), signal);
  const labels = await ports.labels.list();
  for (const entry of found) {
    const { missing_label: label, missing_comment: words } = entry;
    const due = verdict(entry, labels);
    if (due === 'add') {
      await ports.labels.add(label);
      if (words !== '') await ports.comments.create(formatSimpleResponse(words));
    }
    if (due === 'remove') {
      await ports.labels.remove(label);
      if (words !== '') await pruneComments(ports.comments, bot, ({ body }) => body.includes(words));
    }
  }
}

const onIssue = p.on('issues', ACTIONS, async (context) => {
  const { event } = context;
  await check({ ...event, label: labelOf(event.payload) }, context);
});

const onPull = p.on('pull_request', ACTIONS, async (context) => {
  const { event } = context;
  await check({ ...event, branch: event.pull?.base.ref, label: labelOf(event.payload) }, context);
});

function labelOf(payload: object): string | undefined {
  return 'label' in payload ? (payload.label as { name: string }).name : undefined;
}

const command = p.command({
  names: ['check-required-labels'],
  args: none,
  on: 'both',
  who: anyone,
  help: 'Checks for required labels.',
  examples: ['/check-required-labels'],
  featured: true,
  async run(context) {
    const { event, ports } = context;
    const branch = event.isPull ? (await ports.pull.get()).base.ref : undefined;
    await check({ org: event.org, repo: event.repo, branch }, context);
  },
});

export const requireMatchingLabel = p.define({ commands: [command], handlers: [onIssue, onPull] });
