import { intFlag } from '../../core/flags.ts';
import { openListeners } from '../../core/hook/listeners.ts';
import { createLogPages } from '../../deck/logs/server/index.ts';
import { storageFlags } from '../components/flags.ts';
import { openResults } from '../components/results.ts';
import { logSource } from '../start/log-source.ts';
import { pageRoutes } from '../start/pages.ts';
import { componentFlags, runComponent } from './component.ts';

const PORT = 8080;

const flags = { ...componentFlags, ...storageFlags, port: intFlag('pages, health and metrics (8080)') };

/** `cutwater deck`: jobs and their logs, from ProwJobs and pods on Kubernetes, and from storage. */
export function run(argv: string[]): Promise<number> {
  return runComponent(
    {
      name: 'deck',
      flags,
      async begin(values, { store, pods, config, registry, ready, log }) {
        const routes = pageRoutes(
          await createLogPages({ source: logSource(store, pods, openResults({ flags: values, config })) }),
        );
        const listeners = await openListeners({ routes, registry, ready, log, port: values.port ?? PORT });
        return { stop: (graceMs) => listeners.close(graceMs) };
      },
    },
    argv,
  );
}
