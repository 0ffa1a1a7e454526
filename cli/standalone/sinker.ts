import { boolFlag } from '../../core/flags.ts';
import { watchConfigMapSizes } from '../../jobs/sinker/configmaps.ts';
import { SINKER_LEASE } from '../components/leading.ts';
import { cleanOnce, runSinker } from '../components/periodics.ts';
import { type Component, componentFlags, runComponent, type Surroundings } from './component.ts';
import { idleConfigFlags } from './idle-flags.ts';

/** Prow: cmd/sinker. */
const sinkerFlags = { ...componentFlags, ...idleConfigFlags, 'run-once': boolFlag('clean once and end') };

/** `cutwater sinker`: removes jobs and pods that have had their day. */
export function run(argv: string[]): Promise<number> {
  return runComponent(
    {
      name: 'sinker',
      flags: sinkerFlags,
      idleFlags: idleConfigFlags,
      begin(flags, surroundings) {
        const { whileLeading, registry: metrics, log, ...context } = surroundings;
        if (flags['run-once']) return once(surroundings);
        const jobConfig = flags['job-config-path'];
        const sizes = jobConfig ? watchConfigMapSizes(jobConfig, { metrics, log }) : undefined;
        const leading = whileLeading(SINKER_LEASE, () => runSinker({ ...context, registry: metrics, log }));
        return {
          async stop(graceMs) {
            sizes?.stop();
            await leading.stop(graceMs);
          },
        };
      },
    },
    argv,
  );
}

function once(surroundings: Surroundings): Component {
  const ended = Promise.withResolvers<void>();
  const leading = surroundings.whileLeading(SINKER_LEASE, () => {
    const pass = cleanOnce(surroundings);
    pass.then(ended.resolve, ended.reject);
    return { stop: () => pass };
  });
  return { ...leading, done: ended.promise };
}
