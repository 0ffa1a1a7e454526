import { CutwaterError } from '../../core/errors.ts';
import { describeFlags, type FlagValues, parseFlags } from '../../core/flags.ts';
import { gitPort } from '../../core/git/port.ts';
import { openListeners } from '../../core/hook/listeners.ts';
import { createLogger, type Logger } from '../../core/log.ts';
import { createMetrics } from '../../core/metrics.ts';
import { ownersPort } from '../../core/owners/port.ts';
import type { Plugin } from '../../core/plugin/index.ts';
import { corePorts, type Port } from '../../core/ports/index.ts';
import { fixedSecret, type Secret, secretFile } from '../../core/secrets/secret.ts';
import { openPluginService } from '../../external-plugins/kit/service.ts';
import { registerConfigMetrics } from '../start/config-metrics.ts';
import { openDataDir } from '../start/data-dir.ts';
import { openGitHub } from '../start/github.ts';
import { openMirrors } from '../start/mirrors.ts';
import { openPluginConfig, refusedConfig } from '../start/settings.ts';
import { stopOnce, stopSignal } from '../until-stopped.ts';
import { type ServiceFlags, serviceFlags } from './flags.ts';
import { servableOf } from './load.ts';
import { type Servable, withFlags } from './shipped.ts';

const PORT = 8888;
const USAGE = `usage: cutwater serve-plugin NAME|FILE [FLAGS]

Serves one plugin over HTTP under Prow's contract for external plugins: one of Cutwater's by its name, or the one that a file exports.
`;

/** `cutwater serve-plugin`: a plugin as a service of its own, until it is told to stop. */
export async function run(argv: string[]): Promise<number> {
  const [named = '', ...others] = argv;
  if (named === '--help' || named === '') {
    process.stdout.write(`${USAGE}\n${describeFlags(serviceFlags)}\n`);
    return named === '' ? 2 : 0;
  }
  const servable = await servableOf(named);
  const flags = { ...serviceFlags, ...servable.flags };
  if (others.includes('--help')) {
    process.stdout.write(`${USAGE}\n${describeFlags(flags)}\n`);
    return 0;
  }
  const { values, rest } = parseFlags(flags, others);
  if (rest.length > 0) throw new CutwaterError('usage', `serve-plugin takes one plugin, and flags: ${rest[0]}`);
  const stop = stopSignal();
  const service = await open(servable, values);
  await stop;
  await stopOnce(service);
  return 0;
}

/** The plugin with all that it works with, not yet listening. */
async function openParts(servable: Servable, values: FlagValues<typeof serviceFlags> & Record<string, unknown>) {
  const flags: ServiceFlags = values;
  const plugin = withFlags(servable, values);
  const log = createLogger(plugin.name, flags['log-level']);
  const hmac = secretOf(flags, log);
  const dataDir = openDataDir(flags['data-dir'] ?? `.cutwater-${plugin.name}`);
  const registry = createMetrics();
  const agent = openPluginConfig(flags, plugin, log);
  registerConfigMetrics(registry, agent);
  const config = () => agent.current;
  const github = openGitHub(flags, dataDir, log, registry);
  const mirrors = openMirrors(flags['github-host'], dataDir, github, log);
  const backing = servable.open?.(values, { config, github, log });
  const ports = { ...corePorts, owners: ownersPort({ config, log }), git: gitPort(mirrors), ...backing?.ports };
  checkNeeds(plugin, ports);
  const service = await openPluginService({ plugin, config, ports, github, hmac, dataDir, log, registry });
  return { agent, backing, github, log, mirrors, registry, service };
}

async function open(servable: Servable, values: FlagValues<typeof serviceFlags> & Record<string, unknown>) {
  const { agent, backing, github, log, mirrors, registry, service } = await openParts(servable, values);
  let ready = false;
  const listeners = await openListeners({
    routes: [...service.routes],
    registry,
    ready: () => ready && service.isAlive(),
    problem: () => refusedConfig(agent),
    log,
    port: values.port ?? PORT,
    metricsPort: values['metrics-port'],
    healthPort: values['health-port'],
    pprofPort: values['pprof-port'],
  });
  service.start();
  backing?.start();
  ready = true;
  log.info({ url: listeners.url }, 'The plugin is ready');
  return {
    async stop() {
      ready = false;
      const end = Date.now() + values['grace-period'];
      const left = () => Math.max(0, end - Date.now());
      log.info('Stopping');
      await listeners.close(left());
      await service.close(left());
      await backing?.stop(left());
      await mirrors.close();
      github.close();
      agent.close();
    },
  };
}

/** Without any secret everything would be refused. */
function secretOf(flags: ServiceFlags, log: Logger): Secret {
  const file = flags['hmac-secret-file'];
  if (file) return secretFile(file, log);
  const { WEBHOOK_SECRET } = process.env;
  if (WEBHOOK_SECRET) return fixedSecret(WEBHOOK_SECRET);
  throw new CutwaterError('usage', '--hmac-secret-file is needed: the secret that events are signed with');
}

function checkNeeds({ name, needs }: Plugin, ports: Readonly<Record<string, Port>>): void {
  const missing = needs.filter((need) => !Object.hasOwn(ports, need));
  if (missing.length > 0)
    throw new CutwaterError('usage', `${name} runs inside hook alone: it needs ${missing.join(', ')}`);
}
