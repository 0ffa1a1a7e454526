import { formatSimpleResponse, hasLabel, plugin, pruneComments } from '../../core/plugin/index.ts';

const LABEL = 'do-not-merge/contains-merge-commits';
const NOTICE = `Adding label \`${LABEL}\` because PR contains merge commits, which are not allowed in this repository.
Use \`git rebase\` to reapply your commits on top of the target branch. Detailed instructions for doing so can be found [here](https://git.k8s.io/community/contributors/guide/github-workflow.md#4-keep-your-branch-in-sync).`;

const p = plugin({
  name: 'mergecommitblocker',
  summary: `The merge commit blocker plugin adds the ${LABEL} label to pull requests that contain merge commits`,
  needs: ['labels', 'comments', 'pull'],
});

/** Asks GitHub for the commits, where Prow clones (Prow: pkg/plugins/mergecommitblocker). */
const onPull = p.on('pull_request', ['opened', 'reopened', 'synchronize'], async ({ ports, bot }) => {
  const [commits, labels] = await Promise.all([ports.pull.commits(), ports.labels.list()]);
  const merges = commits.some(({ parents }) => parents.length > 1);
  const labelled = hasLabel(labels, LABEL);
  if (merges && !labelled) {
    await ports.labels.add(LABEL);
    await ports.comments.create(formatSimpleResponse(NOTICE));
  }
  if (!merges && labelled) {
    await ports.labels.remove(LABEL);
    await pruneComments(ports.comments, bot, ({ body }) => body.replaceAll('\r\n', '\n').includes(NOTICE));
  }
});

export const mergecommitblocker = p.define({ handlers: [onPull] });
