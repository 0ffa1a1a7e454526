import { compilePattern, own, plugin, sameLogin } from '../../core/plugin/index.ts';
import { slackSettings } from './config.ts';

const MENTION = compilePattern(
  String.raw`@kubernetes/sig-([\w-]*)-(misc|test-failures|bugs|feature-requests|proposals|pr-reviews|api-reviews)`,
);

const p = plugin({
  name: 'slackevents',
  summary: 'Tells Slack channels about manual merges, and about mentions of SIGs.',
  needs: ['slack'],
  config: slackSettings,
  snippet:
    'slack:\n  mentionchannels:\n  - sig-testing\n  mergewarnings:\n  - repos:\n    - org/repo1\n    channels:\n    - channel3\n    exempt_users:\n    - alice\n    exempt_branches:\n      dev:\n      - james\n',
});

/** What people write may not become one of Slack's own mentions (`<!channel>`). */
function plain(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

interface Push {
  ref: string;
  created: boolean;
  deleted: boolean;
  forced: boolean;
  compare: string;
  commits: readonly unknown[];
}

function warningText({ created, deleted, forced, compare, commits }: Push, branch: string, login: string): string {
  const who = `*Warning:* ${login} (<@${login}>)`;
  if (created) return `${who} pushed a new branch (${branch}): ${compare}`;
  if (deleted) return `${who} deleted a branch (${branch}): ${compare}`;
  const how = forced ? '*force* merged' : 'manually merged';
  return `${who} ${how} ${commits.length} commit(s) into ${branch}: ${compare}`;
}

/** Prow: pkg/plugins/slackevents/slackevents.go. */
const onPush = p.on('push', [], async ({ event, ports, config: { warning } }) => {
  if (!warning) return;
  const { payload } = event;
  const branch = payload.ref.replace(/^refs\/(?:heads|tags)\//, '');
  const exempt = [...warning.exempt_users, ...(own(warning.exempt_branches, branch) ?? [])];
  const pushers = [payload.pusher.name, payload.sender.login];
  if (exempt.some((user) => pushers.some((pusher) => sameLogin(user, pusher)))) return;
  const text = warningText(payload, plain(branch), payload.sender.login);
  for (const channel of warning.channels) await ports.slack.write(channel, text);
});

const onComment = p.onComment(['created'], async ({ event, ports, config, bot }) => {
  if (sameLogin(event.user, bot) || config.mentionChannels.length === 0) return;
  const sigs = new Set(MENTION.matchAll(event.body).map(([, name]) => `sig-${name}`));
  for (const sig of sigs) {
    if (!config.mentionChannels.includes(sig)) continue;
    const text = `${sig} was mentioned by ${event.user} (<@${event.user}>) on GitHub. (${event.url})\n>>>${plain(event.body)}`;
    await ports.slack.write(sig, text);
  }
});

export const slackevents = p.define({ handlers: [onPush, onComment] });
