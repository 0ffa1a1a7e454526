import { readFile } from 'node:fs/promises';
import { slackReporterConfigs } from '../../../jobs/report/slack/section.ts';
import { tokenFiles } from '../../components/slack.ts';
import { type Finding, failure, ok, skipped, warning } from '../finding.ts';
import type { Check } from '../patient.ts';

const CHECK = 'slack';
const PATIENCE_MS = 15_000;
/** Reports carry Prow's name and picture, which takes the second one; the third reaches channels that the bot was not invited to. */
const NEEDED = ['chat:write'];
const USEFUL = ['chat:write.customize', 'chat:write.public'];

interface AuthTest {
  ok: boolean;
  error?: string;
  team?: string;
  user?: string;
}

/** Each workspace's token, and what it may do. */
export const slack: Check = {
  name: CHECK,
  fix: 'check the token file and that this machine reaches Slack',
  async look({ flags, config }) {
    const files = [...tokenFiles(flags)];
    const reports = config ? Object.keys(config.get(slackReporterConfigs)).length : 0;
    if (files.length === 0 && reports > 0)
      return [failure(CHECK, 'the configuration reports to Slack, and no token is named', 'give --slack-token-file')];
    if (files.length === 0) return [skipped(CHECK, 'nothing is said on Slack')];
    const base = (flags['slack-api-url'] ?? 'https://slack.com/api').replace(/\/+$/, '');
    return (await Promise.all(files.map(([host, file]) => askSlack(base, host, file)))).flat();
  },
};

async function askSlack(base: string, host: string, file: string): Promise<Finding[]> {
  const token = (await readFile(file, 'utf8')).trim();
  const response = await fetch(`${base}/auth.test`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const answer = (await response.json()) as AuthTest;
  const name = host === '*' ? 'Slack' : `Slack at ${host}`;
  if (!answer.ok)
    return [
      failure(CHECK, `${name} refuses the token: ${answer.error}`, 'copy the bot token (xoxb-…) of the app again'),
    ];
  return judgeScopes(`${name}: ${answer.user} in ${answer.team}`, response.headers.get('x-oauth-scopes') ?? '');
}

export function judgeScopes(who: string, text: string): Finding[] {
  const given = new Set(text.split(',').map((scope) => scope.trim()));
  const lacking = (scopes: readonly string[]): string => scopes.filter((scope) => !given.has(scope)).join(', ');
  const fix = 'add them under OAuth & Permissions of the Slack app, and install it again';
  const [needed, useful] = [lacking(NEEDED), lacking(USEFUL)];
  if (needed) return [failure(CHECK, `${who} lacks ${needed}, and can write nothing`, fix)];
  return useful ? [warning(CHECK, `${who} lacks ${useful}`, fix)] : [ok(CHECK, who)];
}
