import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { intFlag } from '../../core/flags.ts';
import { openListeners } from '../../core/hook/listeners.ts';
import { githubFlags, hookFlags } from '../start/flags.ts';
import { openGitHub } from '../start/github.ts';
import { openHook } from '../start/hook.ts';
import { channelFor, startTunnel } from '../start/tunnel.ts';
import { componentFlags, runComponent } from './component.ts';

const PORT = 8888;

const flags = {
  ...githubFlags,
  ...componentFlags,
  ...hookFlags,
  port: intFlag('hook, health, metrics and help (8888)'),
};

/** `cutwater hook`: receives webhooks and runs plugins; jobs that these start are ProwJobs on Kubernetes. */
export function run(argv: string[]): Promise<number> {
  return runComponent(
    {
      name: 'hook',
      flags,
      async begin(values, { log, registry, ready, ...context }) {
        const dataDir = path.resolve(values['data-dir'] ?? '.cutwater');
        mkdirSync(dataDir, { recursive: true });
        const github = openGitHub(values, dataDir, log, registry);
        const { clusters } = context.places;
        const hook = await openHook({ ...context, flags: values, dataDir, github, clusters, log, registry });
        const port = values.port ?? PORT;
        const isReady = (): boolean => ready() && hook.isAlive();
        const listeners = await openListeners({ routes: [...hook.routes], registry, ready: isReady, log, port });
        hook.start();
        const channel = await channelFor(values['webhook-proxy-url'], dataDir);
        const tunnel = startTunnel(channel, `${listeners.url}${values['webhook-path'] ?? '/hook'}`, log);
        return {
          async stop(graceMs) {
            await tunnel?.close();
            await listeners.close(graceMs);
            await hook.stop(graceMs);
            github.close();
          },
        };
      },
    },
    argv,
  );
}
