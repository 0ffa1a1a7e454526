import { describe, expect, it } from 'vitest';
import { localStorage, withFolderMounted } from './local-artifacts.ts';

describe('where jobs on this machine keep their results', () => {
  it.each([
    { say: 'nothing', config: undefined, bucket: 'file:///data/artifacts', path_strategy: 'explicit' },
    {
      say: 'a bucket without a provider',
      config: { bucket: 'ci', path_strategy: 'legacy', path_prefix: 'p' },
      bucket: 'file:///data/artifacts',
      path_strategy: 'legacy',
    },
    {
      say: 'a bucket with its provider',
      config: { bucket: 's3://ci', path_strategy: 'explicit' },
      bucket: 's3://ci',
      path_strategy: 'explicit',
    },
    {
      say: 'a folder of its own',
      config: { bucket: '/srv/results', path_strategy: 'explicit' },
      bucket: '/srv/results',
      path_strategy: 'explicit',
    },
  ])('$say', ({ config, bucket, path_strategy }) => {
    expect(localStorage(config, '/data/artifacts')).toEqual({ ...config, bucket, path_strategy });
  });

  it('mounts the folder where results are written, and nowhere else', () => {
    const pod = withFolderMounted(
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'a' },
        spec: {
          initContainers: [{ name: 'clonerefs' }, { name: 'initupload' }],
          containers: [{ name: 'test' }, { name: 'sidecar' }],
        },
      },
      '/data/artifacts',
    );
    const all = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
    const seeing = all.filter(({ volumeMounts = [] }) => volumeMounts.length > 0).map(({ name }) => name);
    expect(seeing).toEqual(['initupload', 'sidecar']);
    expect(pod.spec.volumes).toEqual([{ name: 'local-artifacts', hostPath: { path: '/data/artifacts' } }]);
  });
});
