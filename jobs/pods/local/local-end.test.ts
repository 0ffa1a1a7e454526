import { execFile, spawn } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Pod } from '../backend.ts';
import { processesOf } from './processes.ts';
import { processRuntime } from './runtime-process.ts';
import { backend, codes, ended, folder, gone, logOf, options, podOf, reopen, shell } from './testing.ts';

describe('the end of a pod', () => {
  const trap = 'trap "echo bye; exit 5" TERM; echo up; while :; do sleep 0.05; done';
  const up = async () => {
    for await (const chunk of await backend.log('', 'p', 'test', { follow: true }))
      if (String(chunk).includes('up')) break;
  };

  it('asks, and is gone with everything', async () => {
    await backend.create('', podOf({ containers: [shell(trap)] }));
    await up();
    const events: string[] = [];
    const abort = new AbortController();
    const watching = (async () => {
      for await (const { type, pod } of backend.watch(abort.signal)) {
        events.push(
          `${type} ${pod.status?.phase} ${codes(pod).test}${pod.metadata.deletionTimestamp ? ' deleting' : ''}`,
        );
        if (type === 'deleted') break;
      }
    })();
    await backend.delete('', 'p');
    await watching;
    expect(events.at(-1)).toBe('deleted Failed Error 5 deleting');
    expect(await readdir(options.folder)).toEqual([]);
    await backend.delete('', 'p');
  });

  it('kills what does not listen after the grace period, whatever session it moved to', async () => {
    const created = await backend.create(
      '',
      podOf({
        terminationGracePeriodSeconds: 1,
        containers: [shell('setsid sh -c "trap : TERM; sleep 1000" & trap "" TERM; echo up; sleep 1000; sleep 1000')],
      }),
    );
    await up();
    await backend.delete('', 'p');
    await gone('p');
    expect(await processesOf(created.metadata.uid ?? '')).toEqual([]);
  });

  it('leaves nothing behind that a container started in the background', async () => {
    const created = await backend.create('', podOf({ containers: [shell('sleep 1000 & setsid sleep 1000 & exit 0')] }));
    expect((await ended()).status?.phase).toBe('Succeeded');
    expect(await processesOf(created.metadata.uid ?? '')).toEqual([]);
  });

  it('does not wait for an entrypoint that ended without its marker', async () => {
    const mount = { volumeMounts: [{ name: 'logs', mountPath: '/logs' }] };
    const value = JSON.stringify({ marker_file: '/logs/marker.txt', process_log: '/logs/log.txt', args: ['x'] });
    const wrapped = {
      name: 'test',
      image: 'x',
      command: ['/tools/entrypoint'],
      env: [{ name: 'ENTRYPOINT_OPTIONS', value }],
      ...mount,
    };
    const waits = shell('until [ -e /logs/marker.txt ]; do sleep 0.05; done; cat /logs/marker.txt', {
      name: 'waits',
      ...mount,
    });
    const spec = { volumes: [{ name: 'logs', emptyDir: {} }], containers: [wrapped, waits] };
    await backend.create('', podOf(spec, 'p', { test: 'entrypoint' }));
    await ended();
    expect(await logOf('waits')).toBe('127');
  });

  it('starts a sidecar that was killed once more, and not again', async () => {
    await backend.close();
    await reopen({ runtime: processRuntime({ utilities: { command: ['/bin/sh', '-c', 'echo up; kill -9 $$'] } }) });
    const sidecar = { name: 'sidecar', image: 'x', env: [{ name: 'SIDECAR_OPTIONS', value: '{}' }] };
    await backend.create('', podOf({ containers: [sidecar] }, 'p', { sidecar: 'sidecar' }));
    expect(codes(await ended())).toEqual({ sidecar: 'Error 137' });
    expect(await logOf('sidecar')).toMatch(/^up\n(Killed\n)?up\n(Killed\n)?$/);
  });

  it('comes with activeDeadlineSeconds', async () => {
    await backend.create('', podOf({ activeDeadlineSeconds: 1, containers: [shell('sleep 1000')] }));
    expect((await ended()).status).toMatchObject({ phase: 'Failed', reason: 'DeadlineExceeded' });
  });

  it('before it began: a pod that waits for a secret', async () => {
    await backend.create('', podOf({ containers: [shell('true', { envFrom: [{ secretRef: { name: 'never' } }] })] }));
    await backend.delete('', 'p');
    await gone('p');
  });
});

describe('after a restart', () => {
  /** A process that opens the folder, creates the pod and is killed the hard way once the pod has said `up`. */
  async function killedCreator(pod: Pod): Promise<void> {
    const script = join(folder, 'creator.ts');
    const here = import.meta.dirname;
    await writeFile(
      script,
      `import { LocalPods } from '${here}/index.ts';
       import { processRuntime } from '${here}/runtime-process.ts';
       const log = { error: console.error, warn: console.error, info() {}, debug() {} };
       const pods = await LocalPods.open({ folder: ${JSON.stringify(options.folder)}, log, runtime: processRuntime({ utilities: { command: [] } }) });
       await pods.create('far', JSON.parse(process.argv[2]));
       for await (const chunk of await pods.log('', 'p', 'test', { follow: true })) if (String(chunk).includes('up')) process.kill(process.pid, 'SIGKILL');`,
    );
    const child = spawn(process.execPath, [script, JSON.stringify(pod)], { stdio: ['ignore', 'inherit', 'inherit'] });
    const signal = await new Promise((resolve) => child.once('exit', (_, name) => resolve(name)));
    expect(signal).toBe('SIGKILL');
  }

  it('a pod that ran on has its exit code and its whole log', async () => {
    const go = join(folder, 'go');
    await killedCreator(
      podOf({ containers: [shell(`echo up; until [ -e ${go} ]; do sleep 0.02; done; echo more; exit 6`)] }),
    );
    await reopen();
    expect((await backend.get('', 'p'))?.status?.phase).toBe('Running');
    await writeFile(go, '');
    const pod = await ended();
    expect([pod.status?.phase, codes(pod)]).toEqual(['Failed', { test: 'Error 6' }]);
    expect(await logOf()).toBe('up\nmore\n');
  });

  it('a pod that ended meanwhile has them, too, and goes on with what comes next', async () => {
    const done = join(folder, 'done');
    await killedCreator(
      podOf({
        containers: [
          shell(`echo up; echo more; exit 0`),
          shell(`until [ -e ${done} ]; do sleep 0.02; done`, { name: 'other' }),
        ],
      }),
    );
    await writeFile(done, '');
    await wait(100);
    await reopen();
    const pod = await ended();
    expect([pod.status?.phase, codes(pod)]).toEqual(['Succeeded', { test: 'Completed 0', other: 'Completed 0' }]);
    expect(await logOf()).toBe('up\nmore\n');
  });

  it('a pod whose processes are gone without a word is Unknown, so that it is replaced', async () => {
    await killedCreator(podOf({ containers: [shell('echo up; sleep 1000')] }));
    const { pod } = JSON.parse(await readFile(join(options.folder, 'p/pod.json'), 'utf8')) as { pod: Pod };
    const pids = await processesOf(pod.metadata.uid ?? '');
    await new Promise((resolve) => execFile('kill', ['-KILL', ...pids.map(String)], resolve));
    await reopen();
    expect((await ended()).status).toMatchObject({ phase: 'Unknown', reason: 'NodeLost' });
  });

  it('a pod that had ended is there as it was, with its log', async () => {
    await backend.create('', podOf({ containers: [shell('echo hello; exit 3')] }));
    const before = await ended();
    await reopen();
    expect(await backend.get('', 'p')).toEqual(before);
    expect(await logOf()).toBe('hello\n');
  });
});
