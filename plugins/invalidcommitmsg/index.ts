import { hasLabel, plugin, sameLogin } from '../../core/plugin/index.ts';
import { checks, settings } from './config.ts';
import { isNotice, noticeFor } from './text.ts';

const LABEL = 'do-not-merge/invalid-commit-message';

const p = plugin({
  name: 'invalidcommitmsg',
  summary: `The invalidcommitmsg plugin applies the '${LABEL}' label to pull requests whose commit messages and titles contain keywords which can automatically close issues or contain temporary commits such as fixup!, amend!, or squash!`,
  config: settings,
  needs: ['labels', 'comments', 'pull'],
  snippet:
    'invalid_commit_msg:\n- repos:\n  - ORGANIZATION/REPOSITORY\n  checks:\n  - name: fixupPrefix\n    disabled: true\n',
});

const onPull = p.on(
  'pull_request',
  ['opened', 'reopened', 'synchronize', 'edited'],
  async ({ event, ports, config, bot }) => {
    const { pull, org, repo } = event;
    if (!pull) return;
    const [labels, commits, comments] = await Promise.all([
      ports.labels.list(),
      ports.pull.commits(),
      ports.comments.list(),
    ]);
    const notice = noticeFor(
      { org, repo, title: pull.title, commits },
      { keywords: checks(config, 'issueClosingKeywords'), fixups: checks(config, 'fixupPrefix') },
    );
    const labelled = hasLabel(labels, LABEL);
    if (notice === undefined && labelled) await ports.labels.remove(LABEL);
    if (notice !== undefined && !labelled) await ports.labels.add(LABEL);
    const standing = comments.filter(({ author, body }) => sameLogin(author, bot) && isNotice(body));
    if (standing.length === 1 && standing[0]?.body === notice) return;
    for (const { id } of standing) await ports.comments.delete(id);
    if (notice !== undefined) await ports.comments.create(notice);
  },
);

export const invalidcommitmsg = p.define({ handlers: [onPull] });
