import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { V1Container, V1PodSpec } from '@kubernetes/client-node';
import { afterEach, beforeEach } from 'vitest';
import { createLogger } from '../../../core/log.ts';
import { UTILITIES } from '../../api/labels.ts';
import type { Role } from '../../spec/roles.ts';
import type { Pod } from '../backend.ts';
import { LocalPods, type LocalPodsOptions } from './index.ts';
import { processRuntime } from './runtime-process.ts';

// What the tests of pods as processes share: a fresh backend for each, disposed of with everything that it runs.
export let folder: string;
export let backend: LocalPods;
export let options: LocalPodsOptions;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pods-'));
  const utility = join(folder, 'utility.sh');
  await writeFile(utility, '#!/bin/sh\necho "utility $*"; env | grep _OPTIONS=; exit 0\n', { mode: 0o755 });
  options = {
    folder: join(folder, 'pods'),
    runtime: processRuntime({
      utilities: { command: ['/bin/sh', utility] },
      ownEnv: { PATH: process.env.PATH, GITHUB_TOKEN: 'secret', GIT_CONFIG_GLOBAL: '/gitconfig' },
    }),
    secretsFolder: join(folder, 'secrets'),
    configMapsFolder: join(folder, 'configmaps'),
    log: createLogger('test', 'silent'),
  };
  backend = await LocalPods.open(options);
});

afterEach(async () => {
  for (const pod of await backend.list('')) {
    await backend.delete('', pod.metadata.name ?? '', { gracePeriodSeconds: 0 });
    await gone(pod.metadata.name ?? '');
  }
  await backend.close();
  await rm(folder, { recursive: true });
});

export function podOf(
  spec: Partial<V1PodSpec> & { containers: V1Container[] },
  name = 'p',
  roles: Record<string, Role> = {},
): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'test-pods',
      labels: { 'created-by-prow': 'true', team: 'blue' },
      annotations: { [UTILITIES]: JSON.stringify(roles) },
    },
    spec: { restartPolicy: 'Never', ...spec },
  };
}

export const shell = (script: string, more: Partial<V1Container> = {}): V1Container => ({
  name: 'test',
  image: 'alpine',
  command: ['sh', '-c', script],
  ...more,
});

export async function until(name: string, enough: (pod: Pod | undefined) => boolean): Promise<Pod | undefined> {
  const abort = new AbortController();
  const check = async () => enough(await backend.get('', name));
  if (!(await check())) for await (const _ of backend.watch(abort.signal)) if (await check()) break;
  abort.abort();
  return backend.get('', name);
}
export const gone = (name: string) => until(name, (pod) => pod === undefined);
export const ended = async (name = 'p') => {
  const pod = await until(name, (found) => !['Pending', 'Running', undefined].includes(found?.status?.phase));
  if (!pod) throw new Error('no pod');
  return pod;
};
export const logOf = async (container = 'test', name = 'p', more = {}) =>
  text(await backend.log('', name, container, more));
export const codes = (pod: Pod) =>
  Object.fromEntries(
    [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])].map(({ name, state }) => [
      name,
      state?.terminated ? `${state.terminated.reason} ${state.terminated.exitCode}` : Object.keys(state ?? {})[0],
    ]),
  );

/** Opens the folder again, as a new process would. */
export async function reopen(more: Partial<LocalPodsOptions> = {}): Promise<void> {
  backend = await LocalPods.open({ ...options, ...more });
}
