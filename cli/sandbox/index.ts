import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { CutwaterError } from '../../core/errors.ts';
import { describeFlags, parseFlags } from '../../core/flags.ts';
import { createLogger, type Logger } from '../../core/log.ts';
import { secretFile } from '../../core/secrets/secret.ts';
import { type Sandbox, startSandbox } from '../../sandbox/index.ts';
import { createPage } from '../../sandbox/page/server/index.ts';
import { stopOnce, stopSignal } from '../until-stopped.ts';
import { kept, writeAppKey, writeToken } from './files.ts';
import { type SandboxFlags, sandboxFlags } from './flags.ts';

const PEOPLE = ['alice', 'bob', 'stranger'];
const BOT = 'cutwater';

/** `cutwater sandbox`: a small GitHub with its page, for a bot that runs somewhere else. */
export async function run(argv: string[]): Promise<number> {
  if (argv.includes('--help')) {
    process.stdout.write(`usage: cutwater sandbox [FLAGS]\n\n${describeFlags(sandboxFlags)}\n`);
    return 0;
  }
  const { values } = parseFlags(sandboxFlags, argv);
  const log = createLogger('sandbox');
  const sandbox = await startAlone(values, log);
  await stopSignal();
  await stopOnce({ stop: () => sandbox.close() });
  return 0;
}

async function startAlone(flags: SandboxFlags, log: Logger): Promise<Sandbox> {
  const origin = originOf(flags['webhook-url']);
  const dataDir = path.resolve(flags['data-dir'] ?? '.cutwater');
  mkdirSync(dataDir, { recursive: true });
  const sandbox = await startSandbox({
    dataDir: path.join(dataDir, 'sandbox'),
    listen: flags['sandbox-listen'],
    port: flags.port,
    webhookUrl: flags['webhook-url'],
    hmacSecret: hmacSecret(flags, dataDir, log),
    hook: flags.hook,
    log: (message, fields) => log.info(fields, message),
  });
  sandbox.mountPage(
    await createPage({
      world: sandbox.world,
      startOver: sandbox.startOver,
      repo: 'acme/widgets',
      people: PEOPLE,
      pluginHelpUrl: origin ? `${origin}/plugin-help` : null,
      jobsUrl: flags['jobs-url'] ?? origin,
    }),
  );
  process.stdout.write(introduction(sandbox, flags, dataDir));
  return sandbox;
}

/** Where the bot is, as far as its webhooks tell. */
function originOf(webhookUrl: string | undefined): string | null {
  if (webhookUrl === undefined) return null;
  if (!URL.canParse(webhookUrl)) throw new CutwaterError('usage', `--webhook-url: ${webhookUrl} is no URL`);
  return new URL(webhookUrl).origin;
}

function hmacSecret(flags: SandboxFlags, dataDir: string, log: Logger): string {
  const named = flags['hmac-secret-file'];
  if (named === undefined) return kept(path.join(dataDir, 'sandbox-hmac'), () => randomBytes(20).toString('hex'));
  const secret = secretFile(named, log);
  secret.close();
  return secret.current();
}

/** What a bot has to be told to talk to this GitHub, as flags. */
function introduction({ url, apiUrl, graphqlUrl, tokens }: Sandbox, flags: SandboxFlags, dataDir: string): string {
  const keyFile = writeAppKey(dataDir, tokens.app.privateKey);
  const tokenFile = writeToken(dataDir, tokens.people[BOT] ?? '');
  const identity =
    flags.hook === 'app'
      ? `--github-app-id=${tokens.app.id} --github-app-private-key-path=${keyFile}`
      : `--github-token-path=${tokenFile}`;
  const lines = [
    `Sandbox   ${url}`,
    '',
    `--github-endpoint=${apiUrl} --github-graphql-endpoint=${graphqlUrl}`,
    identity,
    `--hmac-secret-file=${flags['hmac-secret-file'] ?? path.join(dataDir, 'sandbox-hmac')}`,
  ];
  return `\n${lines.map((line) => (line ? `  ${line}` : '')).join('\n')}\n\n`;
}
