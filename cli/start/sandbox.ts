import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from '../../core/log.ts';
import { startSandbox } from '../../sandbox/index.ts';
import { createPage, type PageHandler } from '../../sandbox/page/server/index.ts';
import { kept, writeAppKey } from '../sandbox/files.ts';
import { openDataDir } from './data-dir.ts';
import type { StartFlags } from './flags.ts';
import { type Program, startProgram } from './program.ts';

const EXAMPLE = fileURLToPath(new URL('../../config.example.yaml', import.meta.url));
const PEOPLE = ['alice', 'bob', 'stranger'];

/** Everything in one process, with a small GitHub of its own to talk to: what `npm start` does on a bare machine. */
export async function startWithSandbox(flags: StartFlags, log: Logger): Promise<Program & { sandboxUrl: string }> {
  const dataDir = openDataDir(flags['data-dir']);
  const host = flags['sandbox-listen'] ?? '127.0.0.1';
  const configPath = flags['config-path'] ?? EXAMPLE;
  const hmacFile = path.join(dataDir, 'sandbox-hmac');
  const secret = kept(hmacFile, () => randomBytes(20).toString('hex'));
  let page: PageHandler | undefined;
  const sandbox = await startSandbox({
    dataDir: path.join(dataDir, 'sandbox'),
    listen: host,
    hmacSecret: secret,
    page: async (request, response) => (page ? page(request, response) : false),
  });
  try {
    const keyFile = writeAppKey(dataDir, sandbox.tokens.app.privateKey);
    cloneFrom(sandbox.gitUrl);
    let program: Program | undefined;
    page = await createPage({
      world: sandbox.world,
      startOver: sandbox.startOver,
      repo: 'acme/widgets',
      people: PEOPLE,
      pluginHelpUrl: () => (program ? `${program.url}/plugin-help` : null),
      jobsUrl: () => program?.url ?? null,
      configFiles: [configPath],
    });
    program = await startProgram(
      {
        ...flags,
        'config-path': configPath,
        'data-dir': dataDir,
        'github-endpoint': [sandbox.apiUrl],
        'github-graphql-endpoint': sandbox.graphqlUrl,
        'github-app-id': String(sandbox.tokens.app.id),
        'github-app-private-key-path': keyFile,
        'hmac-secret-file': hmacFile,
        pods: flags.pods ?? 'local',
        'local-runtime': flags['local-runtime'] ?? 'process',
      },
      log,
      { host, anyPort: true, drain: true },
    );
    sandbox.sendWebhooksTo(`${program.url}/hook`);
    const { stop, url } = program;
    return {
      url,
      sandboxUrl: sandbox.url,
      async stop() {
        await stop();
        await sandbox.close();
      },
    };
  } catch (error) {
    // An open listener would keep a program alive that has already said why it can not run.
    await sandbox.close();
    throw error;
  }
}

/** Jobs clone from https://github.com as on the real one; git is told that the sandbox stands there. */
function cloneFrom(gitUrl: string): void {
  const first = Number(process.env.GIT_CONFIG_COUNT ?? 0) || 0;
  process.env[`GIT_CONFIG_KEY_${first}`] = `url.${gitUrl}/.insteadOf`;
  process.env[`GIT_CONFIG_VALUE_${first}`] = 'https://github.com/';
  process.env.GIT_CONFIG_COUNT = String(first + 1);
}
