import type { ConfigAgent } from '../../core/config/agent.ts';
import {
  boolFlag,
  choiceFlag,
  describeFlags,
  durationFlag,
  type FlagValues,
  parseFlagsAlone,
} from '../../core/flags.ts';
import { createLogger } from '../../core/log.ts';
import { createMetrics } from '../../core/metrics.ts';
import { prowjobNamespace } from '../../jobs/config/general.ts';
import type { JobsContext, Running } from '../components/context.ts';
import { readOnlyPods, readOnlyStore } from '../components/dry-run.ts';
import { instrumentationFlags, kubeFlags } from '../components/flags.ts';
import { checkIdentity, type IdentityFlags } from '../components/github-identity.ts';
import { endProcess, whileLeading } from '../components/leading.ts';
import { openKubernetes, type Places } from '../components/places.ts';
import { registerConfigMetrics } from '../start/config-metrics.ts';
import { configFlags } from '../start/flags.ts';
import { openConfig } from '../start/settings.ts';
import { stopOnce, stopSignal } from '../until-stopped.ts';
import { tellIdleFlags } from './idle-flags.ts';
import { memoryProfileFlags, openInstrumentation } from './instrumentation.ts';

/** What every component understands that runs alone. Unlike in most of Prow's, nothing is a dry run unless it is asked for. */
export const componentFlags = {
  ...configFlags,
  ...kubeFlags,
  ...instrumentationFlags,
  ...memoryProfileFlags,
  'timeout-listing-prowjobs': durationFlag('how long the first list of ProwJobs may take', '60s'),
  'dry-run': boolFlag('look, and change nothing'),
  'grace-period': durationFlag('how long work under way may take to finish when the program stops', '180s'),
  'log-level': choiceFlag('how much is logged', ['trace', 'debug', 'info', 'warn', 'error', 'fatal'], 'info'),
};
type ComponentFlags = typeof componentFlags;

/** What a component works with; in a dry run `store` and `pods` change nothing. */
export interface Surroundings extends JobsContext {
  places: Places;
  /** Tells of each new configuration. */
  agent: Pick<ConfigAgent, 'subscribe'>;
  /** Whether all has begun; health checks ask. */
  ready(): boolean;
  /** Begins once we hold the Lease. */
  whileLeading(lease: string, begin: () => Running): Running;
}

/** A component at work. One that has an end of its own says so by `done`. */
export interface Component extends Running {
  done?: Promise<void>;
}

export interface Definition<F extends ComponentFlags> {
  name: string;
  flags: F;
  /** Those of the flags that are taken for Prow's sake alone. */
  idleFlags?: object;
  begin(flags: FlagValues<F>, surroundings: Surroundings): Component | Promise<Component>;
}

/** `cutwater NAME`: one component with ProwJobs and pods on Kubernetes, until it is told to stop. */
export async function runComponent<F extends ComponentFlags>(
  definition: Definition<F>,
  argv: readonly string[],
): Promise<number> {
  const { name, flags } = definition;
  if (argv.includes('--help')) {
    process.stdout.write(`usage: cutwater ${name} [FLAGS]\n\n${describeFlags(flags)}\n`);
    return 0;
  }
  const values = parseFlagsAlone(flags, argv);
  checkIdentity(values as IdentityFlags, process.env);
  const stop = stopSignal();
  const running = await open(definition, values);
  await Promise.race([stop, running.done]);
  await stopOnce(running);
  return 0;
}

async function open<F extends ComponentFlags>(definition: Definition<F>, flags: FlagValues<F>) {
  const common = flags as FlagValues<ComponentFlags>;
  const log = createLogger(definition.name, common['log-level']);
  const registry = createMetrics();
  tellIdleFlags(flags, definition.idleFlags ?? {}, log);
  const agent = openConfig(common, log);
  registerConfigMetrics(registry, agent);
  const listTimeoutMs = common['timeout-listing-prowjobs'];
  const places = await openKubernetes(common, { config: agent.current, log, listTimeoutMs });
  let begun = false;
  const ready = () => begun;
  const listeners = await openInstrumentation(common, { registry, ready, log });
  const component = await definition.begin(
    flags,
    surroundings({ config: () => agent.current, agent, places, ready, dryRun: common['dry-run'], log, registry }),
  );
  begun = true;
  log.info('Ready');
  return {
    done: component.done ?? new Promise<void>(() => undefined),
    async stop() {
      begun = false;
      log.info('Stopping');
      await component.stop(common['grace-period']);
      await listeners.close();
      await places.close();
      agent.close();
    },
  };
}

function surroundings(given: Omit<Surroundings, 'store' | 'pods' | 'whileLeading'>): Surroundings {
  const { places, dryRun, log, registry } = given;
  return {
    ...given,
    store: dryRun ? readOnlyStore(places.store, log) : places.store,
    pods: dryRun ? readOnlyPods(places.pods, log) : places.pods,
    whileLeading(lease, begin) {
      const { clusters } = places;
      if (!clusters) return begin();
      const namespace = given.config().get(prowjobNamespace);
      return whileLeading({ clusters, namespace, lease, log, registry, lost: endProcess }, begin);
    },
  };
}
