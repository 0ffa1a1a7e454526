import path from 'node:path';
import { Registry } from 'prom-client';
import type { Config } from '../../core/config/config.ts';
import { CutwaterError, hasCode } from '../../core/errors.ts';
import { choiceFlag, describeFlags, parseFlags } from '../../core/flags.ts';
import { parseHmacSecrets } from '../../core/hook/hmac.ts';
import { createLogger } from '../../core/log.ts';
import { secretFile } from '../../core/secrets/secret.ts';
import { githubHosts } from '../components/github-hosts.ts';
import { loadFromFlags } from '../config/load.ts';
import { write } from '../config/output.ts';
import { placeOf } from '../start/credentials.ts';
import { wantsGitHub, withRuntime } from '../start/first-run.ts';
import { type StartFlags, startFlags } from '../start/flags.ts';
import { isNamed, openGitHub } from '../start/github.ts';
import { checks } from './checks/index.ts';
import { examine } from './examine.ts';
import type { Patient } from './patient.ts';
import { showFindings } from './show.ts';

const FLAGS = {
  ...startFlags,
  format: choiceFlag('a table for people, or JSON for programs', ['table', 'json'], 'table'),
};

const USAGE = `usage: cutwater doctor [FLAGS OF start] [--format=table|json]

Looks at all that the program needs to work, as it would be started with the same flags, changes nothing but for a probe in the storage, which it deletes,
and says what is wrong and how to mend it. The exit code is 0 where nothing fails (warnings are no failures), 1 otherwise.
`;

/** `cutwater doctor`. */
export async function run(argv: string[]): Promise<number> {
  if (argv.includes('--help')) {
    await write(`${USAGE}\n${describeFlags(FLAGS)}\n`);
    return 0;
  }
  const wanted = argv.map((word) => (/^--?json$/.test(word) ? '--format=json' : word));
  const { values, rest } = parseFlags(FLAGS, wanted);
  if (rest.length > 0) throw new CutwaterError('usage', 'doctor takes flags alone');
  const patient = await admit(values);
  const findings = await examine(patient, checks);
  patient.github.close();
  await write(values.format === 'json' ? `${JSON.stringify(findings, undefined, 2)}\n` : showFindings(findings));
  return findings.some(({ level }) => level === 'failure') ? 1 : 0;
}

async function admit(given: StartFlags): Promise<Patient> {
  const log = createLogger('doctor', 'fatal');
  const dataDir = path.resolve(given['data-dir'] ?? '.cutwater');
  const app = isNamed(given, process.env) ? undefined : await (await placeOf(given, dataDir, log)).load();
  const starter = path.join(dataDir, 'config.yaml');
  const placed = wantsGitHub(given) ? await withRuntime(given) : given;
  const flags = app ? { ...placed, 'config-path': placed['config-path'] ?? starter } : placed;
  const identified = app !== undefined || isNamed(flags, process.env);
  const github = openGitHub(
    // Nobody waits here for GitHub to get well.
    { ...flags, 'github-client.max-retries': flags['github-client.max-retries'] ?? 1 },
    undefined,
    log,
    new Registry(),
    app,
  );
  const file = flags['hmac-secret-file'];
  const text = file ? readSecret(file) : (process.env.WEBHOOK_SECRET ?? app?.webhookSecret ?? '');
  const webhookSecrets = parseHmacSecrets(text).all;
  return {
    flags,
    dataDir,
    identified,
    hosts: githubHosts(flags, process.env),
    github,
    webhookSecrets,
    config: configOf(flags),
    log,
  };
}

/** A file that is not there is a finding of the check of such files. */
function readSecret(file: string): string {
  try {
    const secret = secretFile(file, createLogger('doctor', 'fatal'));
    secret.close();
    return secret.current();
  } catch (error) {
    if (hasCode(error, 'config')) return '';
    throw error;
  }
}

function configOf(flags: StartFlags): Config | undefined {
  try {
    return loadFromFlags(flags);
  } catch (error) {
    if (error instanceof CutwaterError) return undefined;
    throw error;
  }
}
