import { describe, expect, it } from 'vitest';
import { placeKind } from './places.ts';

const local = { pods: 'local', prowjobs: 'embedded' } as const;
const kubernetes = { pods: 'kubernetes', prowjobs: 'kubernetes' } as const;

describe('where ProwJobs live and pods run', () => {
  it.each([
    { say: 'a local runtime', flags: { 'local-runtime': 'podman' }, expected: local },
    { say: 'a local runtime inside a cluster', flags: { 'local-runtime': 'podman' }, inCluster: true, expected: local },
    { say: 'a kubeconfig', flags: { kubeconfig: 'config' }, expected: kubernetes },
    { say: 'a folder of them', flags: { 'kubeconfig-dir': 'configs' }, expected: kubernetes },
    { say: 'nothing, inside a cluster', flags: {}, inCluster: true, expected: kubernetes },
    { say: 'pods named', flags: { pods: 'kubernetes' }, expected: kubernetes },
    {
      say: 'ProwJobs apart from local pods',
      flags: { kubeconfig: 'config', 'local-runtime': 'docker', prowjobs: 'kubernetes' },
      expected: { pods: 'local', prowjobs: 'kubernetes' },
    },
    {
      say: 'ProwJobs kept here, pods in clusters',
      flags: { kubeconfig: 'config', prowjobs: 'embedded' },
      expected: { pods: 'kubernetes', prowjobs: 'embedded' },
    },
  ] as const)('$say', ({ flags, expected, ...rest }) => {
    expect(placeKind(flags, 'inCluster' in rest)).toEqual(expected);
  });

  it.each([
    { say: 'nothing', flags: {}, message: 'say where the pods of jobs run' },
    {
      say: 'a runtime that would not be used',
      flags: { pods: 'kubernetes', 'local-runtime': 'podman' },
      message: '--local-runtime is for --pods=local',
    },
  ] as const)('refuses $say', ({ flags, message }) => {
    expect(() => placeKind(flags, false)).toThrow(message);
  });
});
