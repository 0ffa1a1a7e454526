import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { V1Container, V1PodSpec } from '@kubernetes/client-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../../core/log.ts';
import { openPodman } from '../../../test/servers/podman.ts';
import { UTILITIES } from '../../api/labels.ts';
import type { Role } from '../../spec/roles.ts';
import type { Pod } from '../backend.ts';
import { engineArgs } from './engine-args.ts';
import { LocalPods } from './index.ts';
import { processesOf } from './processes.ts';
import { engineRuntime } from './runtime-engine.ts';

const uid = '5c0ffee0-0000-0000-0000-000000000000';

describe('the command line of an engine', () => {
  const made = (container: Partial<V1Container>, env: Record<string, string> = {}, spec: Partial<V1PodSpec> = {}) => {
    const whole: V1Container = { name: 'test', image: 'alpine', ...container };
    const pod: Pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', uid },
      spec: { ...spec, containers: [whole] },
    };
    const folders = { root: '', record: '', home: '', volumes: '', rootfs: '' };
    const mounts = [{ containerPath: '/keys', hostPath: '/data/keys', readOnly: true }];
    const planned = {
      pod,
      container: whole,
      role: 'program' as const,
      folders,
      mounts,
      env: new Map(Object.entries(env)),
    };
    const { args, byName } = engineArgs('podman', planned, { command: undefined, taken: new Set(['PATH']) });
    return { line: args.slice(args.indexOf('--http-proxy=false') + 1).join(' '), byName };
  };
  const mount = '--mount type=bind,source=/data/keys,target=/keys,readonly';

  it.each<[string, Parameters<typeof made>, string]>([
    [
      'command and arguments',
      [{ command: ['sh', '-c'], args: ['echo $(A)'] }, { A: 'b' }],
      `${mount} --env A --entrypoint sh alpine -c echo b`,
    ],
    ['arguments alone go to the image', [{ args: ['x', 'y'] }], `${mount} alpine x y`],
    ['neither', [{}], `${mount} alpine`],
    [
      'user, of the pod and of the container',
      [{ securityContext: { runAsUser: 7 } }, {}, { securityContext: { runAsUser: 1, runAsGroup: 2 } }],
      `--user 7:2 ${mount} alpine`,
    ],
    [
      'privileges',
      [{ securityContext: { privileged: true, capabilities: { add: ['NET_ADMIN'] } } }],
      `--privileged --cap-add NET_ADMIN ${mount} alpine`,
    ],
    [
      "the machine's own namespaces",
      [{}, {}, { hostNetwork: true, hostPID: true, hostIPC: true }],
      `--network=host --pid=host --ipc=host ${mount} alpine`,
    ],
    [
      'working directory and pull policy',
      [{ workingDir: '/src', imagePullPolicy: 'Never' }],
      `--pull=never --workdir /src ${mount} alpine`,
    ],
  ])('%s', (_, given, line) => {
    expect(made(...given).line).toBe(line);
  });

  it('has no secret in it', () => {
    const env = [
      { name: 'PLAIN', value: 'x' },
      { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
      { name: 'PATH', value: '/bin' },
    ];
    const { line, byName } = made({ env }, { PLAIN: 'x', TOKEN: 'hunter2', PATH: '/bin', FROM: 'hunter3' });
    expect(line).not.toContain('hunter');
    expect(line).toContain('--env PLAIN=x --env TOKEN --env PATH=/bin --env FROM');
    expect(byName).toEqual({ TOKEN: 'hunter2', FROM: 'hunter3' });
  });

  it.each([
    ['said by the job, around a secret', 'NODE_OPTIONS', { value: '--import=data:text/javascript,$(TOKEN)' }],
    ['said by the job, as a field', 'LD_PRELOAD', { valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
    ['with a name that stands for many', 'DOCKER_*', { valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
  ])("has nothing in the engine's own environment that is %s", (_, name, said) => {
    const { line, byName } = made({ env: [{ name, ...said }] }, { [name]: 'v' });
    expect([line, byName]).toEqual([expect.stringContaining(`--env ${name}=v`), {}]);
  });
});

/** Stands in for the pod utilities: entrypoint runs what it wraps, clonerefs writes its log. */
const UTILITY = `
  import { spawnSync } from 'node:child_process';
  import { writeFileSync } from 'node:fs';
  const { CLONEREFS_OPTIONS, ENTRYPOINT_OPTIONS } = process.env;
  if (CLONEREFS_OPTIONS) writeFileSync(JSON.parse(CLONEREFS_OPTIONS).log, 'cloned by ' + process.env.GIT_ALLOW_PROTOCOL + '\\n');
  if (ENTRYPOINT_OPTIONS) {
    const [program, ...args] = JSON.parse(ENTRYPOINT_OPTIONS).args;
    process.exitCode = spawnSync(program, args, { stdio: 'inherit' }).status;
  }
`;

const podman = await openPodman();
const image = podman?.image ?? '';

describe.skipIf(!podman)('a pod in podman', () => {
  let work: string;
  let folder: string;
  let backend: LocalPods;

  beforeAll(async () => {
    work = await mkdtemp(join(tmpdir(), 'engine-'));
    await writeFile(join(work, 'utility.mjs'), UTILITY);
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pods-'));
    const runtime = await engineRuntime('podman', {
      utilities: { command: [process.execPath, join(work, 'utility.mjs')] },
      ownEnv: { ...process.env, ...podman?.env },
    });
    backend = await LocalPods.open({ folder, runtime, log: createLogger('test', 'silent') });
  });
  afterEach(async () => {
    await backend.delete('', 'p', { gracePeriodSeconds: 0 });
    await until((pod) => pod === undefined);
    await backend.close();
    await rm(folder, { recursive: true });
    expect(podman?.run('ps', '--all', '--quiet', '--filter', 'label=cutwater.pod=p')).toBe('');
  });
  afterAll(async () => {
    await podman?.close();
    await rm(work, { recursive: true });
  });

  const create = (spec: Partial<V1PodSpec> & { containers: V1Container[] }, roles: Record<string, Role> = {}) =>
    backend.create('', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'p',
        labels: { 'created-by-prow': 'true' },
        annotations: { [UTILITIES]: JSON.stringify(roles) },
      },
      spec,
    });
  const shell = (script: string, more: Partial<V1Container> = {}): V1Container => ({
    name: 'test',
    image,
    command: ['sh', '-c', script],
    ...more,
  });
  async function until(enough: (pod: Pod | undefined) => boolean): Promise<Pod | undefined> {
    const abort = new AbortController();
    if (!enough(await backend.get('', 'p')))
      for await (const _ of backend.watch(abort.signal)) if (enough(await backend.get('', 'p'))) break;
    abort.abort();
    return backend.get('', 'p');
  }
  const ended = () => until((pod) => pod?.status?.phase === 'Succeeded' || pod?.status?.phase === 'Failed');
  const codeOf = (pod: Pod | undefined) => pod?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode;
  const logOf = async (container = 'test') => text(await backend.log('', 'p', container));

  it('has its image, its environment, its user and shared volumes', async () => {
    const mount = { volumeMounts: [{ name: 'v', mountPath: '/shared' }] };
    await create({
      volumes: [{ name: 'v', emptyDir: {} }],
      initContainers: [shell('echo from-init > /shared/file', { name: 'init', ...mount })],
      containers: [
        shell('cat /shared/file; echo "$A"; id -u; pwd; hostname; env | grep -c CUTWATER; exit 3', {
          ...mount,
          env: [{ name: 'A', value: 'x y' }],
          securityContext: { runAsUser: 1234 },
          workingDir: '/shared/new',
        }),
      ],
    });
    expect(codeOf(await ended())).toBe(3);
    expect(await logOf()).toBe('from-init\nx y\n1234\n/shared/new\np\n0\n');
  });

  it('ends when it is asked to, and at the latest after its grace period', async () => {
    const created = await create({
      terminationGracePeriodSeconds: 1,
      containers: [shell('trap "echo bye" TERM; echo up; sleep 1000; sleep 1000')],
    });
    for await (const chunk of await backend.log('', 'p', 'test', { follow: true }))
      if (String(chunk).includes('up')) break;
    await backend.delete('', 'p');
    await until((pod) => pod === undefined);
    expect(await processesOf(created.metadata.uid ?? '')).toEqual([]);
  });

  it('says in its log why an image is not there', async () => {
    await create({ containers: [shell('true', { image: 'localhost/no-such-image', imagePullPolicy: 'Never' })] });
    expect(codeOf(await ended())).toBe(125);
    expect(await logOf()).toContain('no-such-image');
  });

  it.each(['--privileged', 'dir:/etc', 'docker-archive:x/y.tar', 'containers-storage:[/x]y'])(
    'is refused the image %s, which would be a flag or lie on this machine',
    async (name) => {
      await create({ containers: [shell('true', { image: name })] });
      expect(codeOf(await ended())).toBe(128);
    },
  );

  it('has no working directory made for it outside of its volumes', async () => {
    const outside = join(folder, 'outside');
    const mount = { volumeMounts: [{ name: 'v', mountPath: '/shared' }] };
    await create({
      volumes: [{ name: 'v', emptyDir: {} }],
      initContainers: [shell(`ln -s ${folder} /shared/link`, { name: 'init', ...mount })],
      containers: [shell('true', { ...mount, workingDir: '/shared/link/outside' })],
    });
    expect(codeOf(await ended())).not.toBe(0);
    expect(existsSync(outside)).toBe(false);
  });

  it('is wrapped from outside where it is decorated', async () => {
    const mount = { volumeMounts: [{ name: 'logs', mountPath: '/logs' }] };
    const options = JSON.stringify({
      process_log: '/logs/process-log.txt',
      args: ['sh', '-c', 'echo "$0"; env | cat - /logs/clone.json; env | grep -c OPTIONS', '$(B)'],
    });
    const spec = {
      volumes: [{ name: 'logs', emptyDir: {} }],
      initContainers: [
        {
          name: 'clonerefs',
          image: 'x',
          env: [{ name: 'CLONEREFS_OPTIONS', value: '{"log":"/logs/clone.json"}' }],
          ...mount,
        },
      ],
      containers: [
        {
          name: 'test',
          image,
          command: ['/tools/entrypoint'],
          env: [
            { name: 'A', value: 'ran' },
            { name: 'B', value: '"],"copy_mode_only":true,"args":["' },
            { name: 'ENTRYPOINT_OPTIONS', value: options },
          ],
          ...mount,
        },
      ],
    };
    await create(spec, { clonerefs: 'clonerefs', test: 'entrypoint' });
    const pod = await ended();
    const log = await logOf();
    expect(log.split('\n')[0]).toBe('"],"copy_mode_only":true,"args":["');
    expect(log).toMatch(/^A=ran$/m);
    expect(log).toContain('cloned by https:http:ssh:git\n');
    expect(log).toMatch(/^0$/m);
    expect(codeOf(pod)).toBe(1);
  });
});
