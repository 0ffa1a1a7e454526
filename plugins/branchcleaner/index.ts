import { z } from 'zod';
import { globalSettings, own, plugin } from '../../core/plugin/index.ts';

const BranchCleaner = z.object({ preserved_branches: z.record(z.string(), z.array(z.string())).default({}) });

const p = plugin({
  name: 'branchcleaner',
  summary: 'Deletes the source branch of a merged pull request that came from the same repository.',
  needs: ['repo'],
  config: globalSettings('branch_cleaner', BranchCleaner),
  snippet: 'branch_cleaner:\n  preserved_branches:\n    acme/widgets:\n    - main\n',
});

/** Prow: pkg/plugins/branchcleaner/branchcleaner.go. A branch is kept where its organisation or its repository names it. */
const onMerge = p.on('pull_request', ['closed'], async ({ event, ports, config }) => {
  const { pull } = event;
  if (!pull?.merged || pull.head.org !== pull.base.org || pull.head.repo !== pull.base.repo) return;
  const { preserved_branches: preserved } = config;
  const kept = [
    ...(own(preserved, pull.base.org) ?? []),
    ...(own(preserved, `${pull.base.org}/${pull.base.repo}`) ?? []),
  ];
  if (!kept.includes(pull.head.ref)) await ports.repo.deleteRef(`heads/${pull.head.ref}`);
});

export const branchcleaner = p.define({ handlers: [onMerge] });
