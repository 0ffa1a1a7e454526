import { anyone, hasLabel, none, type PortMap, plugin, type StatusState } from '../../core/plugin/index.ts';

const CONTEXT = 'EasyCLA';
const YES = 'cncf-cla: yes';
const NO = 'cncf-cla: no';

const p = plugin({
  name: 'cla',
  summary: `The cla plugin manages the application and removal of the 'cncf-cla' prefixed labels on pull requests as a reaction to the ${CONTEXT} github status context. It is also responsible for warning unauthorized PR authors that they need to sign the CNCF CLA before their PR will be merged.`,
  needs: ['labels', 'pull', 'statuses'],
});

/** Nothing is known while the status is pending. */
async function apply(labels: PortMap['labels'], state: StatusState): Promise<void> {
  if (state === 'pending') return;
  const [right, wrong] = state === 'success' ? [YES, NO] : [NO, YES];
  const current = await labels.list();
  if (hasLabel(current, wrong)) await labels.remove(wrong);
  if (!hasLabel(current, right)) await labels.add(right);
}

const check = p.command({
  names: ['check-cla'],
  args: none,
  on: 'pr',
  who: anyone,
  help: 'Forces rechecking of the CLA status.',
  examples: ['/check-cla'],
  featured: true,
  async run({ ports }) {
    const { head } = await ports.pull.get();
    const status = (await ports.statuses.combined(head.sha)).find(({ context }) => context === CONTEXT);
    if (status) await apply(ports.labels, status.state);
  },
});

/** Only the head of a pull request counts. */
const onStatus = p.on('status', [], async ({ event, ports, at }) => {
  const { context, state, sha } = event.payload;
  if (context !== CONTEXT || state === 'pending') return;
  for (const number of await ports.pull.withHead(sha)) await apply(at({ number }).labels, state);
});

/** Prow: pkg/plugins/cla/cla.go. */
export const cla = p.define({ commands: [check], handlers: [onStatus] });
