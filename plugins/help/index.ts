import {
  anyone,
  type CommandEventContext,
  formatResponseTo,
  hasLabel,
  none,
  plugin,
  pruneComments,
} from '../../core/plugin/index.ts';
import { guidelines, type Help } from './config.ts';
import { FIRST_ISSUE_NOTICE, firstIssueNotice, HELP_NOTICE, helpNotice } from './words.ts';

const HELP = 'help wanted';
const FIRST_ISSUE = 'good first issue';

const p = plugin({
  name: 'help',
  summary: `Marks issues as good for newcomers and helpers, with the labels '${HELP}' and '${FIRST_ISSUE}'.`,
  config: guidelines,
  needs: ['labels', 'comments'],
});

const help = p.command({
  names: ['help'],
  args: none,
  on: 'issue',
  who: anyone,
  help: `Applies the '${HELP}' label to an issue.`,
  examples: ['/help'],
});

const removeHelp = p.command({
  names: ['remove-help'],
  args: none,
  on: 'issue',
  who: anyone,
  help: `Removes the '${HELP}' and '${FIRST_ISSUE}' labels from an issue.`,
  examples: ['/remove-help'],
});

const firstIssue = p.command({
  names: ['good-first-issue'],
  args: none,
  on: 'issue',
  who: anyone,
  help: `Applies the '${FIRST_ISSUE}' and '${HELP}' labels to an issue.`,
  examples: ['/good-first-issue'],
});

const removeFirstIssue = p.command({
  names: ['remove-good-first-issue'],
  args: none,
  on: 'issue',
  who: anyone,
  help: `Removes the '${FIRST_ISSUE}' label from an issue.`,
  examples: ['/remove-good-first-issue'],
});

type Context = CommandEventContext<'labels' | 'comments', Help>;

/** Prow: pkg/plugins/help/help.go. One comment does one thing, and its whole body counts, as there. */
const listen = p.onComment(['created'], async (context) => {
  const { event, ports } = context;
  const says = (command: typeof help) => command.said(event.body).length > 0;
  if (event.isPull || event.state !== 'open' || ![help, removeHelp, firstIssue, removeFirstIssue].some(says)) return;
  const labels = await ports.labels.list();
  const [wantsHelp, isFirst] = [hasLabel(labels, HELP), hasLabel(labels, FIRST_ISSUE)];
  if (wantsHelp && says(removeHelp)) {
    await unmark(context, HELP, HELP_NOTICE);
    if (isFirst) await unmark(context, FIRST_ISSUE, FIRST_ISSUE_NOTICE);
  } else if (!isFirst && says(firstIssue)) {
    await mark(context, firstIssueNotice(context.config), wantsHelp ? [FIRST_ISSUE] : [FIRST_ISSUE, HELP]);
  } else if (!wantsHelp && says(help)) {
    await mark(context, helpNotice(context.config), [HELP]);
  } else if (isFirst && says(removeFirstIssue)) {
    await unmark(context, FIRST_ISSUE, FIRST_ISSUE_NOTICE);
  }
});

async function mark({ event, ports }: Context, notice: string, labels: string[]): Promise<void> {
  const [issue = ''] = event.url.split('#');
  await ports.comments.create(formatResponseTo(event.body, issue, event.user, notice));
  await ports.labels.add(...labels);
}

async function unmark({ ports, bot }: Context, label: string, notice: string): Promise<void> {
  await ports.labels.remove(label);
  await pruneComments(ports.comments, bot, ({ body }) => body.includes(notice));
}

export const helpPlugin = p.define({ commands: [help, removeHelp, firstIssue, removeFirstIssue], handlers: [listen] });
