import { z } from 'zod';
import { CutwaterError, mapSettings, own, plugin } from '../../core/plugin/index.ts';

/** Section `milestone_applier` of plugins.yaml: by org/repo, the milestone of each branch. */
const Branches = z.record(z.string(), z.string());

const p = plugin({
  name: 'milestoneapplier',
  summary:
    'Sets the milestone of the base branch when a pull request is merged, and where that is not the default branch, as soon as the pull request is opened.',
  needs: ['issue'],
  config: mapSettings<Record<string, string>>(
    'milestone_applier',
    Branches,
    {},
    {
      describe: (branches) =>
        `The configured branches and milestones for this repo are:\n${Object.entries(branches)
          .map(([branch, milestone]) => `- \`${branch}\`: \`${milestone}\``)
          .join('\n')}`,
    },
  ),
  snippet: 'milestone_applier:\n  kubernetes/kubernetes:\n    release-1.18: v1.18\n    release-1.19: v1.19\n',
});

/** Prow: pkg/plugins/milestoneapplier/milestoneapplier.go. */
const onPull = p.on('pull_request', ['opened', 'closed'], async ({ event, config, ports }) => {
  const branch = event.pull?.base.ref ?? '';
  const wanted = own(config, branch);
  const { pull_request: pull, repository } = event.payload;
  if (wanted === undefined || pull.milestone?.title === wanted) return;
  const merged = event.action === 'closed' && event.pull?.merged === true;
  const openedElsewhere = event.action === 'opened' && branch !== repository.default_branch;
  if (!merged && !openedElsewhere) return;
  const found = (await ports.issue.milestones()).find(({ title }) => title === wanted);
  if (!found)
    throw new CutwaterError(
      'config',
      `The configured milestone ${wanted} for ${branch} branch does not exist in the ${event.org}/${event.repo} repo`,
    );
  await ports.issue.setMilestone(found.number);
});

export const milestoneapplier = p.define({ handlers: [onPull] });
