import { LocalPods, type LocalPodsOptions } from './index.ts';
import { engineRuntime } from './runtime-engine.ts';
import { processRuntime } from './runtime-process.ts';

/** `--local-runtime`. */
export type LocalRuntime = 'process' | 'podman' | 'docker';

/** Opens the pods of this machine with the runtime that the operator named. Throws `config` where an engine is not there. */
export async function openLocalPods(
  name: LocalRuntime,
  {
    utilities,
    hostAccess,
    ...options
  }: Omit<LocalPodsOptions, 'runtime'> & {
    /** How this program is started, the first part an absolute path: its pod utilities are subcommands. */
    utilities: { command: string[] };
    /** `--local-host-access` */
    hostAccess?: boolean;
  },
): Promise<LocalPods> {
  const runtime =
    name === 'process' ? processRuntime({ utilities }) : await engineRuntime(name, { utilities, hostAccess });
  return LocalPods.open({ ...options, runtime });
}
