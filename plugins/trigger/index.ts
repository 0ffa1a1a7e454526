import { decidedBy, like, none, plugin, triggerSettings } from '../../core/plugin/index.ts';
import { onComment } from './comment.ts';
import { NEEDS } from './needs.ts';
import { onPull, PULL_ACTIONS } from './pull.ts';
import { onPush } from './push.ts';

const p = plugin({
  name: 'trigger',
  summary:
    'Starts presubmits for pull requests that somebody trusted opened or let through with /ok-to-test, never by itself for drafts, and again when a comment asks for it; stops those that a new commit or a close overtook; starts postsubmits for pushes.',
  config: {
    ...triggerSettings,
    describe: ({ trusted_org }, org) =>
      `The trusted GitHub organization for this repository is "${trusted_org || org}".`,
  },
  needs: NEEDS,
  priority: 'trigger',
  snippet:
    'triggers:\n- repos:\n  - org/repo1\n  - org/repo2\n  join_org_url: https://github.com/kubernetes/community/blob/master/community-membership.md\n  only_org_members: true\n  ignore_ok_to_test: true\n',
});

const trusted = decidedBy('Members of the trusted organization for the repo.');
const onTrusted = decidedBy('Anyone can trigger this command on a trusted PR.');

// Matched all together by `onComment`: what one of them does depends on the others, and on the jobs' own patterns.
const commands = [
  p.command({
    names: ['ok-to-test'],
    args: none,
    on: 'pr',
    exactCase: true,
    who: trusted,
    help: "Marks a PR as 'trusted' and starts tests.",
    examples: ['/ok-to-test'],
  }),
  p.command({
    names: ['ok-to-test cancel'],
    args: none,
    on: 'pr',
    exactCase: true,
    who: trusted,
    help: "Revokes trusted status previously granted by '/ok-to-test', removing the 'ok-to-test' label and restoring 'needs-ok-to-test'.",
    examples: ['/ok-to-test cancel'],
  }),
  p.command({
    names: ['test'],
    args: like('[<job name>|all]', /^[^?].*$/),
    on: 'pr',
    exactCase: true,
    who: onTrusted,
    help: 'Manually starts a/all automatically triggered test job(s). Lists all possible job(s) when no jobs/an invalid job are specified.',
    examples: ['/test all', '/test pull-bazel-test'],
    featured: true,
  }),
  p.command({
    names: ['retest'],
    args: none,
    on: 'pr',
    exactCase: true,
    who: onTrusted,
    help: 'Rerun test jobs that have failed.',
    examples: ['/retest'],
    featured: true,
  }),
  p.command({
    names: ['retest-required'],
    args: none,
    on: 'pr',
    exactCase: true,
    who: onTrusted,
    help: 'Rerun required test jobs that have failed.',
    examples: ['/retest-required'],
    featured: true,
  }),
  p.command({
    names: ['test-manual-required'],
    args: none,
    on: 'pr',
    exactCase: true,
    who: onTrusted,
    help: 'Manually starts required presubmit jobs that require an explicit trigger and do not use file change conditions.',
    examples: ['/test-manual-required'],
    featured: true,
  }),
  p.command({
    names: ['test ?'],
    args: none,
    on: 'pr',
    exactCase: true,
    who: onTrusted,
    help: 'List available test job(s) for a trusted PR.',
    examples: ['/test ?'],
    featured: true,
  }),
];

export const trigger = p.define({
  commands,
  handlers: [p.onComment(['created'], onComment), p.on('pull_request', PULL_ACTIONS, onPull), p.on('push', [], onPush)],
});
