import {
  decidedBy,
  keepsMilestones,
  milestoneMaintainers,
  onlyForMaintainers,
  plugin,
  text,
} from '../../core/plugin/index.ts';

const STATUSES = ['approved-for-milestone', 'in-progress', 'in-review'];

const p = plugin({
  name: 'milestonestatus',
  summary: "Lets the milestone maintainers say how far a change is, with a 'status/*' label.",
  needs: ['labels', 'comments', 'people'],
  config: milestoneMaintainers,
});

/** Prow: pkg/plugins/milestonestatus/milestonestatus.go. Unknown statuses meet silence, as there. */
const command = p.command({
  names: ['status'],
  args: text('approved-for-milestone|in-progress|in-review'),
  on: 'both',
  evenClosed: true,
  exactCase: true,
  who: decidedBy("Members of the milestone maintainers GitHub team can use the '/status' command."),
  help: "Applies the 'status/' label to a PR.",
  examples: ['/status approved-for-milestone', '/status in-progress', '/status in-review'],
  async run({ said, event, config, ports }) {
    if (!(await keepsMilestones(event.user, event.org, config, ports.people))) {
      await ports.comments.create(onlyForMaintainers(config, event.org, 'add status labels', 'status'));
      return;
    }
    const known = said.map(({ args }) => args).filter((status) => STATUSES.includes(status));
    await ports.labels.add(...new Set(known.map((status) => `status/${status}`)));
  },
});

export const milestonestatus = p.define({ commands: [command] });
