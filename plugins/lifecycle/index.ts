import {
  anyone,
  authorOrCollaborator,
  type Choice,
  chooseLabels,
  decidedBy,
  hasCode,
  hasLabel,
  none,
  oneOf,
  plugin,
  sameLogin,
  type Who,
} from '../../core/plugin/index.ts';

const STATES = ['active', 'frozen', 'stale', 'rotten'] as const;
const LABELS = STATES.map((state) => `lifecycle/${state}`);
const FROZEN = 'lifecycle/frozen';
const INACTIVE = ['lifecycle/stale', 'lifecycle/rotten'];
const AUTHORS = 'Authors and collaborators on the repository can trigger this command.';

const p = plugin({
  name: 'lifecycle',
  summary: 'Closes and reopens issues and pull requests, and flags them as active, frozen, stale or rotten.',
  needs: ['issue', 'labels', 'comments', 'people'],
});

const data = { args: oneOf(...STATES), on: 'both', evenClosed: true, who: anyone } as const;

const set = p.command({
  ...data,
  names: ['lifecycle'],
  help: 'Makes this the only lifecycle label.',
  examples: ['/lifecycle frozen', '/lifecycle stale'],
});

const remove = p.command({
  ...data,
  names: ['remove-lifecycle'],
  help: 'Takes the lifecycle label away.',
  examples: ['/remove-lifecycle stale'],
});

/** Prow: pkg/plugins/lifecycle/lifecycle.go. */
const onLifecycle = p.onSaid(async ({ event, ports, reply }) => {
  const asked = event.text
    .split('\n')
    .flatMap((line) => [
      ...set.said(line).map(({ args }) => ({ label: `lifecycle/${args}`, wanted: true })),
      ...remove.said(line).map(({ args }) => ({ label: `lifecycle/${args}`, wanted: false })),
    ]);
  if (asked.length === 0) return;
  const refused = ({ label, wanted }: Choice) => event.isPull && wanted && label === FROZEN;
  if (asked.some(refused)) await reply(`The \`${FROZEN}\` label cannot be applied to Pull Requests.`);
  await chooseLabels(
    ports.labels,
    LABELS,
    asked.filter((choice) => !refused(choice)),
  );
});

const notPlanned = p.command({
  names: ['close not-planned'],
  args: none,
  on: 'both',
  who: decidedBy(AUTHORS),
  help: 'Closes an issue as not planned.',
  examples: ['/close not-planned'],
});

/** Prow: pkg/plugins/lifecycle/close.go. What nobody cares for any more may be closed by anybody. */
const close = p.command({
  names: ['close'],
  args: none,
  on: 'both',
  who: decidedBy(AUTHORS),
  help: 'Closes an issue or pull request.',
  examples: ['/close'],
});

const onClose = p.onSaid(async ({ event, ports, reply }) => {
  const unplanned = notPlanned.said(event.text).length > 0;
  if (event.state !== 'open' || !(unplanned || close.said(event.text).length > 0)) return;
  const mayClose =
    sameLogin(event.user, event.author) ||
    (await ports.people.isCollaborator(event.user)) ||
    (await ports.labels.list()).some((label) => hasLabel(INACTIVE, label));
  if (!mayClose) return reply("You can't close an active issue/PR unless you authored it or you are a collaborator.");
  if (event.isPull && unplanned) return reply('PRs cannot be closed as Not Planned.');
  await ports.issue.close(unplanned ? 'not_planned' : event.isPull ? undefined : 'completed');
  if (event.isPull) return reply('Closed this PR.');
  return reply(unplanned ? 'Closing this issue, marking it as "Not Planned".' : 'Closing this issue.');
});

const mayReopen: Who = {
  description: AUTHORS,
  async allows(context) {
    if (context.event.state === 'open') return false;
    return authorOrCollaborator(
      "You can't reopen an issue/PR unless you authored it or you are a collaborator.",
    ).allows(context);
  },
};

/** Prow: pkg/plugins/lifecycle/reopen.go. */
const reopen = p.command({
  names: ['reopen'],
  args: none,
  on: 'both',
  evenClosed: true,
  who: mayReopen,
  help: 'Reopens an issue or pull request.',
  examples: ['/reopen'],
  async run({ event, ports, reply }) {
    try {
      await ports.issue.reopen();
    } catch (error) {
      const why = refusalOf(error);
      if (why === undefined) throw error;
      return reply(`Failed to re-open ${event.isPull ? 'PR' : 'Issue'}: ${why}`);
    }
    return reply(event.isPull ? 'Reopened this PR.' : 'Reopened this issue.');
  },
});

/** GitHub's reason, where it is one that the person can do something about. */
function refusalOf(error: unknown): string | undefined {
  if (!hasCode(error, 'invalid')) return undefined;
  const start = error.message.indexOf('state cannot be changed');
  return start < 0 ? undefined : error.message.slice(start);
}

export const lifecycle = p.define({
  commands: [set, remove, close, notPlanned, reopen],
  handlers: [onLifecycle, onClose],
});
