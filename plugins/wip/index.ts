import { plugin, setLabel } from '../../core/plugin/index.ts';

const LABEL = 'do-not-merge/work-in-progress';
const WIP_TITLE = /^\W?WIP\W/i;

const p = plugin({
  name: 'wip',
  summary: `Adds the \`${LABEL}\` label to drafts and to pull requests whose title begins with WIP, and takes it away when they are ready.`,
  needs: ['labels'],
});

/** Whether a pull request says of itself that it is not finished (Prow: pkg/plugins/wip/wip-label.go). */
function isWorkInProgress({ title, draft }: { title: string; draft: boolean }): boolean {
  return draft || WIP_TITLE.test(title);
}

const onChange = p.on(
  'pull_request',
  ['opened', 'reopened', 'edited', 'ready_for_review', 'converted_to_draft'],
  async ({ event, ports }) => {
    if (event.pull) await setLabel(ports.labels, LABEL, isWorkInProgress(event.pull));
  },
);

export const wip = p.define({ handlers: [onChange] });
