import { plugin } from '../../core/plugin/index.ts';
import { type Freeze, freezeNow, NEEDS } from './freeze.ts';

const p = plugin({
  name: 'testfreeze',
  summary:
    'The testfreeze plugin adds additional documentation about Code Freeze and Test Freeze periods, including milestone requirements and cherry-pick processes.',
  needs: NEEDS,
});

/** For kubernetes/kubernetes alone, as in Prow (pkg/plugins/testfreeze). */
const onPull = p.on('pull_request', ['opened', 'reopened'], async (context) => {
  const { pull, org, repo } = context.event;
  if (org !== 'kubernetes' || repo !== 'kubernetes' || pull?.base.ref !== 'master') return;
  const freeze = await freezeNow(context);
  if (freeze.code || freeze.test)
    await context.ports.comments.create(message(freeze, pull.labels.includes('kind/bug')));
});

const PHASES = 'https://github.com/kubernetes/sig-release/blob/master/releases/release_phases.md';
const SLACK = '[#sig-release Slack channel](https://kubernetes.slack.com/archives/C2C40FMNF)';
const REVIEW = '1. Technical review: get the PR reviewed and approved as usual (`/lgtm` and `/approve`)';

function message(freeze: Freeze, isBugFix: boolean): string {
  return `${freeze.code ? codeFreeze(freeze.tag, isBugFix) : ''}\n${freeze.test ? testFreeze(freeze) : ''}`;
}

function codeFreeze(tag: string, isBugFix: boolean): string {
  const head = `Please note that we're already in [Code Freeze](${PHASES}#code-freeze) for the upcoming ${tag} release.`;
  return isBugFix
    ? `${head}

This PR is labeled \`kind/bug\`, so it **may** be included in the ${tag} release as a bug fix. Please make sure to:
${REVIEW}
2. Release team awareness: tag \`@kubernetes/sig-release-leads\` on this PR so the release team is aware of the fix going in. You can also ping the ${SLACK} for time-sensitive cases.
`
    : `${head}

**Adding the milestone to this PR is strictly prohibited without proper approval.** If this PR needs to be included in the ${tag} release:
${REVIEW}
2. Inclusion in release: tag \`@kubernetes/sig-release-leads\` on this PR and ping the ${SLACK} to request adding the \`${tag}\` milestone
`;
}

function testFreeze({ code, branch, tag, lastFastForward }: Freeze): string {
  return `
---

We're${code ? ' also' : ''} in [Test Freeze](${PHASES}#test-freeze) for the \`${branch}\` branch. This means every merged PR will be automatically fast-forwarded via the periodic [ci-fast-forward](https://testgrid.k8s.io/sig-release-releng-blocking#git-repo-kubernetes-fast-forward) job to the release branch of the upcoming ${tag} release.

Fast forwards are scheduled to happen every 6 hours, whereas the most recent run was: ${lastFastForward}.
`;
}

export const testfreeze = p.define({ handlers: [onPull] });
