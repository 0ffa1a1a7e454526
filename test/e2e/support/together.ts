import { EXCLUSIVE } from '../../../core/plugin/enablement.ts';
import { plugins } from '../../../plugins/index.ts';

/** The names of all plugins that can be on at once: the first of those that exclude each other. */
export const TOGETHER: readonly string[] = plugins
  .map(({ name }) => name)
  .filter((name) => !EXCLUSIVE.some(([, ...others]) => others.includes(name)));

/** Those that triage.test.ts tries, faults included; all others are in faults.test.ts. */
export const TRIAGE: readonly string[] =
  `label lifecycle stage milestone milestonestatus milestoneapplier retitle help issue-management require-matching-label sigmention
  release-note welcome heart shrug branchcleaner size cat dog pony goose yuks trick-or-treat project project-manager`.split(
    /\s+/,
  );
