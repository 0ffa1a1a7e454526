import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Logger } from '../../core/log.ts';
import { enabledPlugins } from '../../core/plugin/enablement.ts';
import { findProgram } from '../../jobs/pods/local/find-program.ts';
import { githubHosts } from '../components/github-hosts.ts';
import { placeKind } from '../components/places.ts';
import type { AppCredentials, CredentialPlace } from '../github-app/app.ts';
import { openSetup } from '../setup/server.ts';
import { placeOf } from './credentials.ts';
import { openDataDir } from './data-dir.ts';
import type { StartFlags } from './flags.ts';
import { isNamed } from './github.ts';
import { openConfig } from './settings.ts';
import { channelFor } from './tunnel.ts';

/** The usual port of the program, at which the set-up is served first. */
export const PORT = 8888;

/** What the program starts with: the flags, completed, and the App that the set-up made, now or earlier. */
export interface Prepared {
  flags: StartFlags;
  app?: AppCredentials;
}

/** Whether these flags ask for a real GitHub, with an App that is there or that is to be made. */
export function wantsGitHub(flags: StartFlags): boolean {
  return flags.github || (flags['public-url'] !== undefined && !isNamed(flags, process.env));
}

/**
 * Finds the App's credentials; where there are none, and a real GitHub is wanted, serves the page that makes them, until they are there.
 * `undefined`: stopped meanwhile. What would keep the program from starting afterwards is refused before.
 */
export async function prepare(given: StartFlags, stopped: Promise<void>, log: Logger): Promise<Prepared | undefined> {
  if (isNamed(given, process.env)) return { flags: given };
  const dataDir = openDataDir(given['data-dir']);
  const place = await placeOf(given, dataDir, log);
  const there = await place.load();
  if (!there && !wantsGitHub(given)) return { flags: given };
  const flags = wantsGitHub(given) ? await withRuntime(given) : given;
  placeKind(flags, process.env.KUBERNETES_SERVICE_HOST !== undefined);
  const app = there ?? (await makeApp(flags, { dataDir, place, stopped, log }));
  return (
    app && { app, flags: { ...flags, 'config-path': flags['config-path'] ?? starterConfig(dataDir, app.owner, log) } }
  );
}

/** Where nothing is said of where jobs run, the container engine of this machine; never plain processes. */
export async function withRuntime(flags: StartFlags): Promise<StartFlags> {
  const said = flags.pods ?? flags['local-runtime'] ?? flags.kubeconfig ?? flags['kubeconfig-dir'];
  if (said !== undefined || process.env.KUBERNETES_SERVICE_HOST) return flags;
  for (const engine of ['podman', 'docker'] as const)
    if (typeof (await findProgram(engine, process.env.PATH ?? '', '/')) === 'string')
      return { ...flags, 'local-runtime': engine };
  return flags;
}

interface Making {
  dataDir: string;
  place: CredentialPlace;
  stopped: Promise<void>;
  log: Logger;
}

async function makeApp(
  flags: StartFlags,
  { dataDir, place, stopped, log }: Making,
): Promise<AppCredentials | undefined> {
  const setup = await openSetup({
    hosts: githubHosts(flags, process.env),
    place,
    port: flags.port ?? PORT,
    publicUrl: flags['public-url'],
    webhookProxy: await channelFor(flags['webhook-proxy-url'], dataDir),
    webhookPath: flags['webhook-path'] ?? '/hook',
    org: process.env.GH_ORG ?? onlyOrg(flags, log) ?? '',
    log,
  });
  process.stdout.write(
    `\n  Set up    ${setup.link}\n\nOpen it in your browser: it creates the GitHub App. The link is good once; Ctrl-C stops.\n\n`,
  );
  const app = await Promise.race([setup.done, stopped.then(() => undefined)]);
  await setup.close();
  return app;
}

/** The organization of the configuration, where it is about one alone. Throws where the configuration cannot be used. */
function onlyOrg(flags: StartFlags, log: Logger): string | undefined {
  if (flags['config-path'] === undefined) return undefined;
  const agent = openConfig(flags, log);
  const orgs = new Set(Object.keys(agent.current.get(enabledPlugins)).map((place) => place.split('/')[0]));
  agent.close();
  return orgs.size === 1 ? [...orgs][0] : undefined;
}

/** A small configuration of one's own to begin with, in the data folder. One that is there is left alone. */
function starterConfig(dataDir: string, owner: string, log: Logger): string {
  const file = path.join(dataDir, 'config.yaml');
  if (existsSync(file)) return file;
  const plugins = ['assign', 'help', 'hold', 'label', 'lgtm', 'lifecycle', 'retitle', 'size', 'trigger', 'wip'];
  writeFileSync(
    file,
    `# Change this while the program runs: it is read again at once. Plugins and their commands: docs/plugins.md; every key: docs/configuration.md.
plugins:
  ${owner}:
    plugins:
${plugins.map((name) => `    - ${name}\n`).join('')}
# Jobs, as in config.example.yaml:
# presubmits:
#   ${owner}/REPOSITORY:
#   - name: unit
#     always_run: true
#     decorate: true
#     spec:
#       containers:
#       - image: node:24
#         command: [npm, test]
`,
  );
  log.info({ file }, 'Wrote a configuration to begin with');
  return file;
}
