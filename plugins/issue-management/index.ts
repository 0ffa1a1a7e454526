import { decidedBy, none, plugin, rest, type Said, text } from '../../core/plugin/index.ts';
import { linkIssues } from './link.ts';
import { NEEDS } from './needs.ts';
import { pinIssue } from './pin.ts';
import { transferIssue } from './transfer.ts';

const p = plugin({
  name: 'issue-management',
  summary: 'Links issues to pull requests, pins issues, and moves them to other repositories.',
  needs: NEEDS,
});

const both = { on: 'both', evenClosed: true } as const;
const link = p.command({
  ...both,
  names: ['link-issue'],
  args: text('issue(s)'),
  who: decidedBy('Org members'),
  help: 'Links issue(s) to a PR in the same or different repo.',
  examples: ['/link-issue 1234', '/link-issue org/repo#789'],
});
const unlink = p.command({
  ...both,
  names: ['unlink-issue'],
  args: text('issue(s)'),
  who: decidedBy('Org members'),
  help: 'Unlinks issue(s) from a PR in the same or different repo.',
  examples: ['/unlink-issue 1234', '/unlink-issue org/repo#789'],
});
const pin = p.command({
  ...both,
  names: ['pin-issue'],
  args: none,
  who: decidedBy('Approvers from the top-level OWNERS file'),
  help: 'Pins an issue to the repository',
  examples: ['/pin-issue'],
});
const unpin = p.command({
  ...both,
  names: ['unpin-issue'],
  args: none,
  who: decidedBy('Approvers from the top-level OWNERS file'),
  help: 'Unpins an issue from the repository',
  examples: ['/unpin-issue'],
});
const transfer = p.command({
  ...both,
  names: ['transfer-issue', 'transfer'],
  args: rest('destination repo in same org'),
  who: decidedBy('Org members.'),
  help: 'Transfers an issue to a different repo in the same org.',
  examples: ['/transfer-issue kubectl', '/transfer test-infra'],
  featured: true,
});

/** Prow: pkg/plugins/issue-management/issue_management.go. One kind of command a comment, in this order. */
const onComment = p.onSaid(async (context) => {
  const { text: said } = context.event;
  const [toLink, toUnlink] = [wordsOf(link.said(said)), wordsOf(unlink.said(said))];
  if (toLink.length + toUnlink.length > 0) return linkIssues(toLink, toUnlink, context);
  if (pin.said(said).length > 0) return pinIssue('pin', context);
  if (unpin.said(said).length > 0) return pinIssue('unpin', context);
  const transfers = transfer.said(said).map(({ args }) => args);
  if (transfers.length > 0) await transferIssue(transfers, context);
});

function wordsOf(said: Said<string>[]): string[] {
  return [...new Set(said.flatMap(({ args }) => args.split(/\s+/)))];
}

export const issueManagement = p.define({ commands: [link, unlink, pin, unpin, transfer], handlers: [onComment] });
