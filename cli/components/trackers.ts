import { Buffer } from 'node:buffer';
import { CutwaterError } from '../../core/errors.ts';
import { choiceFlag, type FlagValues, intFlag, stringFlag } from '../../core/flags.ts';
import type { Logger } from '../../core/log.ts';
import { type Secret, secretFile } from '../../core/secrets/secret.ts';
import { type Bugzilla, bugzillaOver } from '../../core/trackers/bugzilla.ts';
import { type Jira, jiraOver } from '../../core/trackers/jira.ts';
import { restClient } from '../../core/trackers/rest.ts';

/** Trackers of bugs outside of GitHub (Prow: pkg/flagutil/jira.go, bugzilla.go). */
export const trackerFlags = {
  'jira-endpoint': stringFlag('where Jira is', 'URL'),
  'jira-username': stringFlag('who logs in to Jira with a password', 'NAME'),
  'jira-password-file': stringFlag('a file with that password', 'FILE'),
  'jira-bearer-token-file': stringFlag('a file with a token for Jira, instead of name and password', 'FILE'),
  'bugzilla-endpoint': stringFlag('where Bugzilla is', 'URL'),
  'bugzilla-api-key-path': stringFlag('a file with the API key for Bugzilla', 'FILE'),
  'bugzilla-auth-method': choiceFlag(
    'how the key is sent (query and x-bugzilla-api-key)',
    ['bearer', 'query', 'x-bugzilla-api-key'],
    undefined,
  ),
  'bugzilla-github-external-tracker-id': intFlag('the number that Bugzilla gives to GitHub as an external tracker'),
};
type TrackerFlags = FlagValues<typeof trackerFlags>;

/** Those that the flags name. A dry run logs what it would write. */
export function openTrackers(flags: TrackerFlags, dryRun: boolean, log: Logger) {
  const jira = openJira(flags, log);
  const bugzilla = openBugzilla(flags, log);
  return {
    jira: dryRun && jira.tracker ? silentJira(jira.tracker, log) : jira.tracker,
    bugzilla: dryRun && bugzilla.tracker ? silentBugzilla(bugzilla.tracker, log) : bugzilla.tracker,
    close() {
      jira.secret?.close();
      bugzilla.secret?.close();
    },
  };
}

interface Opened<T> {
  tracker: T | undefined;
  secret: Secret | undefined;
}

function openJira(flags: TrackerFlags, log: Logger): Opened<Jira> {
  const { 'jira-endpoint': url, 'jira-username': username } = flags;
  if (url === undefined) return { tracker: undefined, secret: undefined };
  refuse('jira-endpoint', !URL.canParse(url), `${url} is no address`);
  const passwordFile = flags['jira-password-file'];
  const tokenFile = flags['jira-bearer-token-file'];
  refuse('jira-username', (username === undefined) !== (passwordFile === undefined), 'goes with --jira-password-file');
  refuse('jira-bearer-token-file', tokenFile !== undefined && username !== undefined, 'excludes --jira-username');
  const file = tokenFile ?? passwordFile;
  const secret = file === undefined ? undefined : secretFile(file, log);
  return { tracker: jiraOver(restClient({ url, headers: () => authorization(secret, username) })), secret };
}

function openBugzilla(flags: TrackerFlags, log: Logger): Opened<Bugzilla> {
  const { 'bugzilla-endpoint': url, 'bugzilla-auth-method': method } = flags;
  if (url === undefined) return { tracker: undefined, secret: undefined };
  refuse('bugzilla-endpoint', !URL.canParse(url), `${url} is no address`);
  const file = flags['bugzilla-api-key-path'];
  const secret = file === undefined ? undefined : secretFile(file, log);
  const sent = (as: typeof method) => secret !== undefined && (method === undefined ? as !== 'bearer' : as === method);
  const client = restClient({
    url,
    headers: () => ({
      ...(sent('bearer') && { authorization: `Bearer ${secret?.current()}` }),
      ...(sent('x-bugzilla-api-key') && { 'x-bugzilla-api-key': secret?.current() ?? '' }),
    }),
    query: () => (sent('query') ? { api_key: secret?.current() ?? '' } : {}),
  });
  return { tracker: bugzillaOver(client, flags['bugzilla-github-external-tracker-id']), secret };
}

function refuse(flag: string, wrong: boolean, why: string): void {
  if (wrong) throw new CutwaterError('usage', `--${flag}: ${why}`);
}

function authorization(secret: Secret | undefined, username: string | undefined): Record<string, string> {
  if (!secret) return {};
  if (username === undefined) return { authorization: `Bearer ${secret.current()}` };
  return { authorization: `Basic ${Buffer.from(`${username}:${secret.current()}`).toString('base64')}` };
}

function silentJira(jira: Jira, log: Logger): Jira {
  return {
    ...jira,
    async link(key, link) {
      log.info({ key, link }, 'Dry run: would link an issue of Jira');
    },
  };
}

function silentBugzilla(bugzilla: Bugzilla, log: Logger): Bugzilla {
  const would = async (change: object): Promise<void> => log.info(change, 'Dry run: would change Bugzilla');
  return {
    ...bugzilla,
    update: (id, update) => would({ id, update }),
    create: (bug) => would({ bug }).then(() => 0),
    comment: (id, comment) => would({ id, comment }),
    addPull: (id, pull) => would({ id, pull }).then(() => true),
    removePull: (id, pull) => would({ id, pull }).then(() => true),
  };
}
