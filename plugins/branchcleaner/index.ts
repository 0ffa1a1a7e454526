import { z } from 'zod';
import { globalSettings, own, plugin, type Settings } from '../../core/plugin/index.ts';

const BranchCleaner = z.object({ preserved_branches: z.record(z.string(), z.array(z.string())).default({}) });
const all = globalSettings('branch_cleaner', BranchCleaner);

/** The branches that a repository keeps: those that its organisation names, and those that it names itself. */
const preserved: Settings<string[]> = {
  sections: all.sections,
  forRepo(config, org, repo) {
    const { preserved_branches: branches } = all.forRepo(config, org, repo);
    return [...(own(branches, org) ?? []), ...(own(branches, `${org}/${repo}`) ?? [])];
  },
  describe: (branches) => (branches.length === 0 ? '' : `The preserved branches are [${branches.join(' ')}]`),
};

const p = plugin({
  name: 'branchcleaner',
  summary: 'Deletes the source branch of a merged pull request that came from the same repository.',
  needs: ['repo'],
  config: preserved,
  snippet: 'branch_cleaner:\n  preserved_branches:\n    acme/widgets:\n    - main\n',
});

/** Prow: pkg/plugins/branchcleaner/branchcleaner.go. */
const onMerge = p.on('pull_request', ['closed'], async ({ event, ports, config: kept }) => {
  const { pull } = event;
  if (!pull?.merged || pull.head.org !== pull.base.org || pull.head.repo !== pull.base.repo) return;
  if (!kept.includes(pull.head.ref)) await ports.repo.deleteRef(`heads/${pull.head.ref}`);
});

export const branchcleaner = p.define({ handlers: [onMerge] });
