import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { V1Container } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import type { Pod } from '../backend.ts';
import { backend, codes, ended, folder, logOf, options, podOf, reopen, shell, until } from './testing.ts';

describe('a pod as processes', () => {
  it('runs, and is reported as kubelet does', async () => {
    const created = await backend.create('build', podOf({ containers: [shell('echo hello; echo world >&2')] }));
    expect(created.metadata).toMatchObject({ uid: expect.any(String), creationTimestamp: expect.any(String) });
    expect(created.status?.phase).toBe('Pending');
    const pod = await ended();
    expect(pod.status).toMatchObject({
      phase: 'Succeeded',
      startTime: expect.any(String),
      containerStatuses: [
        {
          name: 'test',
          image: 'alpine',
          restartCount: 0,
          state: { terminated: { exitCode: 0, reason: 'Completed', finishedAt: expect.any(String) } },
        },
      ],
    });
    expect(pod.status?.conditions?.map(({ type, status, reason }) => `${type} ${status} ${reason ?? ''}`)).toEqual([
      'Initialized True PodCompleted',
      'Ready False PodCompleted',
      'ContainersReady False PodCompleted',
      'PodScheduled True ',
    ]);
    expect(await logOf()).toBe('hello\nworld\n');
  });

  it.each<[string, V1Container, string, string, string?]>([
    ['fails with its exit code', shell('echo no; exit 3'), 'Failed', 'Error 3', 'no\n'],
    ['dies of a signal', shell('kill -KILL $$$$'), 'Failed', 'Error 137'],
    [
      'has a command that is not there',
      { name: 'test', command: ['no-such-program'] },
      'Failed',
      'StartError 128',
      'exec: "no-such-program": executable file not found in $PATH\n',
    ],
    [
      'has a path that is not there',
      { name: 'test', command: ['/no/such'] },
      'Failed',
      'StartError 128',
      'exec: "/no/such": stat /no/such: no such file or directory\n',
    ],
    ['has a command that a shell would know', { name: 'test', command: ['exit', '0'] }, 'Failed', 'StartError 128'],
    ['has no command', { name: 'test', image: 'alpine' }, 'Failed', 'StartError 128'],
    ['runs a command inside a shell that is not there', shell('no-such-program'), 'Failed', 'Error 127'],
  ])('%s', async (_, container, phase, code, log) => {
    await backend.create('', podOf({ containers: [container] }));
    const pod = await ended();
    expect([pod.status?.phase, codes(pod)]).toEqual([phase, { test: code }]);
    if (log !== undefined) expect(await logOf()).toBe(log);
  });

  it('gives the end of its log as message where that is asked for', async () => {
    await backend.create(
      '',
      podOf({ containers: [shell('echo broken; exit 1', { terminationMessagePolicy: 'FallbackToLogsOnError' })] }),
    );
    expect((await ended()).status?.containerStatuses?.[0]?.state?.terminated?.message).toBe('broken\n');
  });

  it('runs init containers one after the other, then containers side by side, over shared volumes', async () => {
    const mount = { volumeMounts: [{ name: 'shared', mountPath: '/shared' }] };
    const meet = (own: string, other: string) =>
      shell(`touch /shared/${own}; until [ -e /shared/${other} ]; do sleep 0.02; done; cat /shared/order`, {
        name: own,
        ...mount,
      });
    await backend.create(
      '',
      podOf({
        volumes: [{ name: 'shared', emptyDir: {} }],
        initContainers: [
          shell('sleep 0.1; echo one >> /shared/order', { name: 'i1', ...mount }),
          shell('echo two >> /shared/order', { name: 'i2', ...mount }),
        ],
        containers: [meet('a', 'b'), meet('b', 'a')],
      }),
    );
    expect((await ended()).status?.phase).toBe('Succeeded');
    expect(await logOf('b')).toBe('one\ntwo\n');
  });

  it('stops at an init container that fails', async () => {
    await backend.create(
      '',
      podOf({ initContainers: [shell('exit 4', { name: 'init' })], containers: [shell('echo never')] }),
    );
    const pod = await ended();
    expect([pod.status?.phase, codes(pod)]).toEqual(['Failed', { init: 'Error 4', test: 'waiting' }]);
    expect(await logOf()).toBe('');
  });

  it('has an environment of its own', async () => {
    await mkdir(join(folder, 'secrets', 'token'), { recursive: true });
    await writeFile(join(folder, 'secrets', 'token', 'key'), 'hunter2');
    await mkdir(join(folder, 'configmaps', 'settings'), { recursive: true });
    await writeFile(join(folder, 'configmaps', 'settings', 'COLOR'), 'red');
    const env = [
      { name: 'A', value: 'x$(B)' },
      { name: 'B', value: '$(A)-$$(A)-$(NO)' },
      { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'token', key: 'key' } } },
      { name: 'NONE', valueFrom: { secretKeyRef: { name: 'token', key: 'other', optional: true } } },
      { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'TEAM', valueFrom: { fieldRef: { fieldPath: "metadata.labels['team']" } } },
    ];
    const script =
      'echo "$A|$B|$TOKEN|$POD|$TEAM|$C_COLOR|$0|$1"; env | grep -cE "^(NONE|GITHUB_TOKEN|GIT_CONFIG_GLOBAL)="; case $HOME in */p/home) pwd | grep -c "^$HOME$";; esac';
    await backend.create(
      '',
      podOf({
        containers: [
          shell(script, {
            env,
            envFrom: [{ prefix: 'C_', configMapRef: { name: 'settings' } }],
            args: ['$(POD)', '$(A)'],
          }),
        ],
      }),
    );
    await ended();
    expect(await logOf()).toBe('x$(B)|x$(B)-$(A)-$(NO)|hunter2|p|blue|red|p|x$(B)\n0\n1\n');
  });

  it('waits for a secret that is not there yet, and says so', async () => {
    const volumes = [{ name: 'keys', secret: { secretName: 'late', defaultMode: 0o400 } }];
    await backend.create(
      '',
      podOf({
        volumes,
        containers: [
          shell('cat /keys/key; ls -l /keys | grep -c r--------', {
            volumeMounts: [{ name: 'keys', mountPath: '/keys' }],
          }),
        ],
      }),
    );
    const waiting = await until(
      'p',
      (pod) => pod?.status?.containerStatuses?.[0]?.state?.waiting?.message !== undefined,
    );
    expect(waiting?.status).toMatchObject({
      phase: 'Pending',
      containerStatuses: [
        { state: { waiting: { reason: 'CreateContainerConfigError', message: 'secret "late" not found' } } },
      ],
    });
    await mkdir(join(folder, 'secrets', 'late'), { recursive: true });
    await writeFile(join(folder, 'secrets', 'late', 'key'), 'here\n');
    expect((await ended()).status?.phase).toBe('Succeeded');
    expect(await logOf()).toBe('here\n1\n');
  });

  it('finds its volumes by their container paths, in commands, arguments, variables and as working directory', async () => {
    await backend.create(
      '',
      podOf({
        volumes: [
          { name: 'logs', emptyDir: {} },
          { name: 'code', emptyDir: {} },
        ],
        containers: [
          shell('echo hi > /logs/out; cat "$FILE"; echo "$JSON" | grep -c /pods/p/volumes/logs/x; pwd; echo $URL', {
            workingDir: '/home/prow/go/src/site',
            env: [
              { name: 'FILE', value: '/logs/out' },
              { name: 'JSON', value: '{"log":"/logs/x"}' },
              { name: 'URL', value: 'https://host/logs/x' },
            ],
            volumeMounts: [
              { name: 'logs', mountPath: '/logs' },
              { name: 'code', mountPath: '/home/prow/go/' },
            ],
          }),
        ],
      }),
    );
    await ended();
    expect(await logOf()).toBe(`hi\n1\n${join(options.folder, 'p/volumes/code/src/site')}\nhttps://host/logs/x\n`);
  });

  const json = '{"log":"/logs/clone.json"}';
  const mount = { volumeMounts: [{ name: 'logs', mountPath: '/logs' }] };
  const decorated = {
    volumes: [{ name: 'logs', emptyDir: {} }],
    initContainers: [
      { name: 'clonerefs', image: 'x', env: [{ name: 'CLONEREFS_OPTIONS', value: json }], ...mount },
      { name: 'place-entrypoint', image: 'x', args: ['--copy-mode-only'] },
    ],
    containers: [
      { name: 'test', command: ['/tools/entrypoint'], env: [{ name: 'ENTRYPOINT_OPTIONS', value: json }], ...mount },
      { name: 'sidecar', image: 'x', env: [{ name: 'SIDECAR_OPTIONS', value: json }], ...mount },
    ],
  };

  it('runs the pod utilities from this program, and none of its secrets reach them', async () => {
    const roles = {
      clonerefs: 'clonerefs',
      'place-entrypoint': 'place-entrypoint',
      test: 'entrypoint',
      sidecar: 'sidecar',
    } as const;
    await backend.create('', podOf(decorated, 'p', roles));
    const pod = await ended();
    expect(codes(pod)).toEqual({
      clonerefs: 'Completed 0',
      'place-entrypoint': 'Completed 0',
      test: 'Completed 0',
      sidecar: 'Completed 0',
    });
    const path = join(options.folder, 'p/volumes/logs/clone.json');
    expect(await logOf('clonerefs')).toBe(`utility clonerefs\nCLONEREFS_OPTIONS={"log":"${path}"}\n`);
    expect(await logOf()).toBe(`utility entrypoint\nENTRYPOINT_OPTIONS={"log":"${path}"}\n`);
    expect(await logOf('sidecar')).toBe(`utility sidecar\nSIDECAR_OPTIONS={"log":"${path}"}\n`);
  });

  it("runs no pod utility for a job's own containers, whatever they look like", async () => {
    await backend.create('', podOf({ ...decorated, initContainers: [] }));
    const pod = await ended();
    expect(codes(pod)).toEqual({ test: 'StartError 128', sidecar: 'StartError 128' });
  });

  it('is cut where its log is too long, and the log says so', async () => {
    await reopen({ logLimit: 1_000 });
    await backend.create('', podOf({ containers: [shell('head -c 3000000 /dev/zero | tr "\\0" a')] }));
    await ended();
    const log = await logOf();
    expect(log).toMatch(/^a{1000}\n\[log cut at 1000 bytes: at least \d+ more bytes were left out\]\n$/);
  });

  it('follows a log to its end, and gives its last lines', async () => {
    await backend.create('', podOf({ containers: [shell('echo a; sleep 0.3; echo b; echo c')] }));
    expect(await logOf('test', 'p', { follow: true })).toBe('a\nb\nc\n');
    expect(await logOf('test', 'p', { tailLines: 2 })).toBe('b\nc\n');
    expect(await logOf('test', 'p', { from: 2 })).toBe('b\nc\n');
    expect(await logOf('test', 'p', { from: 99 })).toBe('');
    expect(await logOf('test', 'p', { tailLines: 9 })).toBe('a\nb\nc\n');
    await expect(backend.log('', 'p', 'none')).rejects.toMatchObject({ code: 'not-found' });
  });
});

it('pods that end as soon as they begin are all noticed', async () => {
  const names = Array.from({ length: 25 }, (_, number) => `p${number}`);
  await Promise.all(names.map((name) => backend.create('', podOf({ containers: [shell('exit 0')] }, name))));
  const pods = await Promise.all(names.map((name) => ended(name)));
  expect(pods.every((pod) => pod.status?.phase === 'Succeeded')).toBe(true);
});

describe('a pod is refused', () => {
  it.each<[string, Pod, string]>([
    ['without containers', podOf({ containers: [] }), 'Pod "p" is invalid: spec.containers: Required value'],
    [
      'with a name that leads elsewhere',
      podOf({ containers: [shell('true')] }, '../p'),
      'metadata.name: Invalid value',
    ],
    [
      'with a container twice',
      podOf({ containers: [shell('true'), shell('true')] }),
      'Pod "p" is invalid: spec.containers[1].name: Duplicate value: "test"',
    ],
    [
      'with a container name that leads elsewhere',
      podOf({ containers: [shell('true', { name: '../x' })] }),
      'spec.containers[0].name: Invalid value: "../x"',
    ],
    [
      'with an unknown volume',
      podOf({ containers: [shell('true', { volumeMounts: [{ name: 'v', mountPath: '/v' }] })] }),
      'spec.containers[0].volumeMounts[0].name: Not found: "v"',
    ],
    [
      'with a volume twice',
      podOf({
        volumes: [
          { name: 'v', emptyDir: {} },
          { name: 'v', secret: { secretName: 's' } },
        ],
        containers: [shell('true')],
      }),
      'spec.volumes[1].name: Duplicate value: "v"',
    ],
    [
      'with a volume of a cluster',
      podOf({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }], containers: [shell('true')] }),
      'spec.volumes[0].persistentVolumeClaim: Forbidden',
    ],
  ])('%s', async (_, pod, message) => {
    await expect(backend.create('', pod)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining(message),
    });
  });

  it('whose name is taken', async () => {
    await backend.create('', podOf({ containers: [shell('true')] }));
    await expect(backend.create('', podOf({ containers: [shell('true')] }))).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});
