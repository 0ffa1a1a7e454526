import { Buffer } from 'node:buffer';
import { CutwaterError } from '../../core/errors.ts';
import { type FlagValues, stringFlag } from '../../core/flags.ts';
import type { Logger } from '../../core/log.ts';
import { type Secret, secretFile } from '../../core/secrets/secret.ts';
import { type Jira, jiraOver } from '../../core/trackers/jira.ts';
import { restClient } from '../../core/trackers/rest.ts';

/** Trackers of bugs outside of GitHub (Prow: pkg/flagutil/jira.go, bugzilla.go). */
export const trackerFlags = {
  'jira-endpoint': stringFlag('where Jira is', 'URL'),
  'jira-username': stringFlag('who logs in to Jira with a password', 'NAME'),
  'jira-password-file': stringFlag('a file with that password', 'FILE'),
  'jira-bearer-token-file': stringFlag('a file with a token for Jira, instead of name and password', 'FILE'),
};
type TrackerFlags = FlagValues<typeof trackerFlags>;

/** Jira as the flags name it; undefined where they do not. A dry run logs what it would write. */
export function openJira(flags: TrackerFlags, dryRun: boolean, log: Logger): { jira: Jira | undefined; close(): void } {
  const { 'jira-endpoint': url, 'jira-username': username } = flags;
  if (url === undefined) return { jira: undefined, close() {} };
  refuse('jira-endpoint', !URL.canParse(url), `${url} is no address`);
  const passwordFile = flags['jira-password-file'];
  const tokenFile = flags['jira-bearer-token-file'];
  refuse('jira-username', (username === undefined) !== (passwordFile === undefined), 'goes with --jira-password-file');
  refuse('jira-bearer-token-file', tokenFile !== undefined && username !== undefined, 'excludes --jira-username');
  const file = tokenFile ?? passwordFile;
  const secret = file === undefined ? undefined : secretFile(file, log);
  const jira = jiraOver(restClient({ url, headers: () => authorization(secret, username) }));
  return { jira: dryRun ? silent(jira, log) : jira, close: () => secret?.close() };
}

function refuse(flag: string, wrong: boolean, why: string): void {
  if (wrong) throw new CutwaterError('usage', `--${flag}: ${why}`);
}

function authorization(secret: Secret | undefined, username: string | undefined): Record<string, string> {
  if (!secret) return {};
  if (username === undefined) return { authorization: `Bearer ${secret.current()}` };
  return { authorization: `Basic ${Buffer.from(`${username}:${secret.current()}`).toString('base64')}` };
}

function silent(jira: Jira, log: Logger): Jira {
  return {
    ...jira,
    async link(key, link) {
      log.info({ key, link }, 'Dry run: would link an issue of Jira');
    },
  };
}
