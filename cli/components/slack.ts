import { CutwaterError } from '../../core/errors.ts';
import type { Logger } from '../../core/log.ts';
import { secretFile } from '../../core/secrets/secret.ts';
import { type SlackClient, slackClient } from '../../jobs/report/slack/client.ts';
import { DEFAULT_HOST } from '../../jobs/report/slack/config.ts';
import type { ReportFlags } from './report-flags.ts';

type SlackFlags = Pick<ReportFlags, 'slack-token-file' | 'additional-slack-token-files' | 'slack-api-url'>;

/** The workspaces that flags name tokens for. A dry run logs what it would write. */
export function openSlack(flags: SlackFlags, dryRun: boolean, log: Logger) {
  const tokens = [...tokenFiles(flags)].map(([host, file]) => [host, secretFile(file, log)] as const);
  const clients = new Map<string, SlackClient>(
    tokens.map(([host, token]) => [
      host,
      dryRun ? silent(log) : slackClient(() => token.current(), flags['slack-api-url']),
    ]),
  );
  return {
    clients,
    close() {
      for (const [, token] of tokens) token.close();
    },
  };
}

/** By host, `*` for the one that others are additional to. */
export function tokenFiles(flags: SlackFlags): Map<string, string> {
  const files = new Map<string, string>();
  if (flags['slack-token-file']) files.set(DEFAULT_HOST, flags['slack-token-file']);
  for (const entry of flags['additional-slack-token-files'].flatMap((text) => text.split(','))) {
    const equals = entry.indexOf('=');
    if (equals < 1) throw new CutwaterError('usage', `--additional-slack-token-files: ${entry} is not HOST=FILE`);
    files.set(entry.slice(0, equals), entry.slice(equals + 1));
  }
  return files;
}

function silent(log: Logger): SlackClient {
  return {
    async write(channel, text) {
      log.info({ channel, text }, 'Dry run: would write to Slack');
    },
  };
}
