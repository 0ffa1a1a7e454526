import type { BugOptions, BugSettings } from './options.ts';
import { allInWords, inWords } from './words.ts';

/** What holds in a repository, for /plugin-help, in Prow's words (helpProvider). */
export function describe({ branches, forBranch }: BugSettings): string {
  if (branches.length === 0) return '';
  const usual = JSON.stringify(forBranch('*'));
  const named = branches.filter((branch) => branch === '*' || JSON.stringify(forBranch(branch)) !== usual);
  const lines = named.map((branch) => {
    const where = branch === '*' ? 'by default, ' : `on the "${branch}" branch, `;
    const options = forBranch(branch);
    return `<li>${where}valid bugs must ${listed(conditions(options)) || 'exist'}${moves(options)}.</li>`;
  });
  return ['The plugin has the following configuration:<ul>', ...lines, '</ul>'].join('\n');
}

function conditions(options: BugOptions): string[] {
  const { valid_states: states, dependent_bug_states: dependent, dependent_bug_target_releases: releases } = options;
  return [
    ...(options.is_open === undefined ? [] : [`be ${options.is_open ? 'open' : 'closed'}`]),
    ...(options.target_release === undefined ? [] : [`target the "${options.target_release}" release`]),
    ...(states?.length ? [`be in one of the following states: ${allInWords(states)}`] : []),
    ...(dependent || releases ? ['depend on at least one other bug'] : []),
    ...(dependent ? [`have all dependent bugs in one of the following states: ${allInWords(dependent)}`] : []),
    ...(releases ? [`have all dependent bugs in one of the following target releases: ${releases.join(', ')}`] : []),
  ];
}

function moves({ state_after_validation, add_external_link, state_after_merge }: BugOptions): string {
  const updates = [
    ...(state_after_validation ? [`moved to the ${inWords(state_after_validation)} state`] : []),
    ...(add_external_link ? ['updated to refer to the pull request using the external bug tracker'] : []),
    ...(state_after_merge
      ? [`moved to the ${inWords(state_after_merge)} state when all linked pull requests are merged`]
      : []),
  ];
  return updates.length > 0 ? `. After being linked to a pull request, bugs will be ${listed(updates)}` : '';
}

function listed(items: readonly string[]): string {
  if (items.length < 3) return items.join(' and ');
  return `${items.slice(0, -1).join(', ')}, and ${items.at(-1)}`;
}
