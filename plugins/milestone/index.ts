import {
  decidedBy,
  keepsMilestones,
  milestoneMaintainers,
  onlyForMaintainers,
  plugin,
  text,
} from '../../core/plugin/index.ts';

const CLEAR = 'clear';

const p = plugin({
  name: 'milestone',
  summary: 'Lets the members of a GitHub team set the milestone of an issue or pull request.',
  needs: ['issue', 'people'],
  config: milestoneMaintainers,
  snippet:
    'repo_milestone:\n  org/repo:\n    maintainers_team: milestone-maintainers\n    maintainers_friendly_name: release managers\n',
});

/** Prow: pkg/plugins/milestone/milestone.go. */
const command = p.command({
  names: ['milestone'],
  args: text('version or clear'),
  on: 'both',
  evenClosed: true,
  exactCase: true,
  who: decidedBy("Members of the milestone maintainers GitHub team can use the '/milestone' command."),
  help: 'Updates the milestone for an issue or PR',
  examples: ['/milestone v1.10', '/milestone v1.9', '/milestone clear'],
  async run({ args: title, event, config, ports, reply }) {
    if (!(await keepsMilestones(event.user, event.org, config, ports.people)))
      return reply(onlyForMaintainers(config, event.org, 'set the milestone', 'milestone'));
    if (title === CLEAR) return ports.issue.setMilestone(null);
    const milestones = await ports.issue.milestones();
    const found = milestones.find((milestone) => milestone.title === title);
    if (found) return ports.issue.setMilestone(found.number);
    const known = milestones.map((milestone) => `\`${milestone.title}\``).sort();
    await reply(
      `The provided milestone is not valid for this repository. Milestones in this repository: [${known.join(', ')}]\n\nUse \`/milestone ${CLEAR}\` to clear the milestone.`,
    );
  },
});

export const milestone = p.define({ commands: [command] });
