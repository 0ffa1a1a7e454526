import { plugin } from '../../core/plugin/index.ts';
import { needsRebaseSettings } from './config.ts';

const p = plugin({
  name: 'needs-rebase',
  summary:
    'Adds the `needs-rebase` label and a comment to pull requests that conflict with their base branch, and takes them away when they do not any more.',
  needs: ['mergeability'],
  config: needsRebaseSettings,
  snippet: 'needs_rebase:\n  cache-valid-time: 60\n',
});

/** Prow: cmd/external-plugins/needs-rebase/plugin/plugin.go. The look itself comes later and outside of the event, which would hold up those behind it. */
const onChange = p.on('pull_request', ['opened', 'synchronize', 'reopened'], async ({ event, ports }) => {
  if (event.pull?.state === 'open') await ports.mergeability.checkSoon();
});

const onComment = p.on('issue_comment', [], async ({ event, ports, config }) => {
  const { issue } = event.payload;
  if (issue?.pull_request && issue.state === 'open') await ports.mergeability.checkSoon(config['cache-valid-time']);
});

export const needsRebase = p.define({ handlers: [onChange, onComment] });
