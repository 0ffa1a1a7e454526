import { CutwaterError, messageOf } from '../../core/errors.ts';
import { describeFlags, parseFlags, stringFlag } from '../../core/flags.ts';
import { parseHmacSecrets } from '../../core/hook/hmac.ts';
import { createLogger } from '../../core/log.ts';
import { secretFile } from '../../core/secrets/secret.ts';
import { write } from '../config/output.ts';
import { type Check, checksFor, type Finding } from './checks.ts';
import { createProbe, type Probe } from './probe.ts';

const FLAGS = {
  'hmac-secret-file': stringFlag(
    'the secret that the plugin checks signatures with; unless given, WEBHOOK_SECRET',
    'FILE',
  ),
  repo: stringFlag('the repository that the events are about (acme/widgets)', 'ORG/REPO'),
  'health-url': stringFlag('where the plugin tells its health (/healthz beside the endpoint)', 'URL'),
};

const USAGE = `usage: cutwater plugin-check URL [FLAGS]

Holds an external plugin against Prow's contract. It sends pings, which no plugin acts on. One line a check; the exit code is 1 where one failed.
`;

/** `cutwater plugin-check`: whether hook and an external plugin will understand each other, and what to mend where not. */
export async function run(argv: string[]): Promise<number> {
  if (argv.includes('--help')) {
    await write(`${USAGE}\n${describeFlags(FLAGS)}\n`);
    return 0;
  }
  const leads = argv[0]?.startsWith('-') === false;
  const { values, rest } = parseFlags(FLAGS, leads ? argv.slice(1) : argv);
  const [address = '', surplus] = leads ? [argv[0], ...rest] : rest;
  if (surplus !== undefined) throw new CutwaterError('usage', `plugin-check takes one address: ${surplus}`);
  const endpoint = urlOf(address);
  const repo = values.repo ?? 'acme/widgets';
  const health = values['health-url'] ? urlOf(values['health-url']) : new URL('/healthz', endpoint);
  const probe = createProbe(endpoint, secretFor(values['hmac-secret-file'], repo), repo);
  await reach(probe);
  const levels: string[] = [];
  for (const check of checksFor(repo, health)) levels.push(await tell(check, probe));
  const count = (level: string) => levels.filter((one) => one === level).length;
  await write(`${count('ok')} passed, ${count('FAIL')} failed, ${count('note')} notes\n`);
  return count('FAIL') > 0 ? 1 : 0;
}

async function tell({ name, run: check }: Check, probe: Probe): Promise<string> {
  const finding = await check(probe).catch((error: unknown): Finding => ({ level: 'FAIL', mend: messageOf(error) }));
  const level = finding?.level ?? 'ok';
  await write(`${level.padEnd(4)}  ${name}${finding ? `: ${finding.mend}` : ''}\n`);
  return level;
}

/** Without anybody there, twenty checks would each say so. */
async function reach({ ask, endpoint }: Probe): Promise<void> {
  await ask('GET', endpoint).catch((error: unknown) => {
    throw new CutwaterError('not-found', `${endpoint} is not reachable: ${messageOf(error)}`);
  });
}

function urlOf(text: string): URL {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new CutwaterError('usage', `${JSON.stringify(text)} is no http:// or https:// address`);
}

function secretFor(file: string | undefined, repo: string): string {
  const text = file ? textOf(file) : (process.env.WEBHOOK_SECRET ?? '');
  const [secret] = parseHmacSecrets(text).of(repo) ?? [];
  if (!secret) throw new CutwaterError('usage', '--hmac-secret-file is needed: the secret that the plugin knows');
  return secret;
}

function textOf(file: string): string {
  const secret = secretFile(file, createLogger('plugin-check'));
  secret.close();
  return secret.current();
}
