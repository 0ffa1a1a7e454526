import { decidedBy, plugin } from '../../core/plugin/index.ts';
import { cancelOverrides } from './cancel.ts';
import { settings } from './config.ts';
import { contextNames } from './contexts.ts';
import { override as overrideContexts } from './give.ts';
import { NEEDS } from './needs.ts';

const p = plugin({
  name: 'override',
  summary: 'The override plugin allows repo admins to force a github status context to pass',
  config: settings,
  needs: NEEDS,
  priority: 'report',
  snippet:
    'override:\n  allow_top_level_owners: true\n  allowed_github_teams:\n    kubernetes/kubernetes:\n    - team1\n    - team2\n',
});

const who = decidedBy(
  'Repo administrators, and where the settings say so approvers in top level OWNERS file and members of github teams.',
);

const give = p.command({
  names: ['override'],
  args: contextNames,
  on: 'pr',
  who,
  help: 'Forces github status contexts to green (multiple can be given). If the desired context has spaces, it must be quoted. Overrides expire when the base branch moves.',
  examples: [
    '/override pull-repo-whatever',
    '/override "test / Unit Tests"',
    '/override ci/circleci',
    '/override deleted-job other-job',
  ],
  run: (context) => overrideContexts(context, false),
});

const sticky = p.command({
  names: ['override-sticky'],
  args: contextNames,
  on: 'pr',
  who,
  help: 'Like /override, but the override persists across retests on the current HEAD SHA even when the base branch moves. Pushing a new commit clears them. Use /override-cancel to remove.',
  examples: ['/override-sticky pull-repo-whatever', '/override-sticky "test / Unit Tests"'],
  run: (context) => overrideContexts(context, true),
});

const cancel = p.command({
  names: ['override-cancel'],
  args: contextNames,
  on: 'pr',
  who,
  help: 'Removes overrides by setting the status back to failure. Works on both regular and sticky overrides. If a context is given, only that override is removed. If no context is given, all overrides on the PR are removed.',
  examples: ['/override-cancel pull-repo-whatever', '/override-cancel'],
  run: cancelOverrides,
});

/** Prow: pkg/plugins/override. */
export const override = p.define({ commands: [cancel, sticky, give] });
