import { describe, expect, it } from 'vitest';
import { UTILITIES } from '../api/labels.ts';
import type { ProwJob, ProwJobSpec } from '../api/prowjob.ts';
import { podOf } from './pod.ts';
import { type Role, roleOf, withRoles } from './roles.ts';

const images = { clonerefs: 'c', initupload: 'i', entrypoint: 'e', sidecar: 's' };
const refs = { org: 'acme', repo: 'site', base_ref: 'main' };
const decoration_config = {
  utility_images: images,
  gcs_configuration: { bucket: 'b', path_strategy: 'explicit' },
};
const forged = [
  { name: 'clonerefs', image: 'x', env: [{ name: 'CLONEREFS_OPTIONS', value: '{}' }], restartPolicy: 'Always' },
  { name: 'place-entrypoint', image: 'x', args: ['--copy-mode-only'], restartPolicy: 'Always' },
];
const entrypoint = { command: ['/tools/entrypoint'], env: [{ name: 'ENTRYPOINT_OPTIONS', value: '{}' }] };

describe('what decoration made of the containers of a pod', () => {
  it.each<[string, Partial<ProwJobSpec>, string[]]>([
    [
      'a decorated job',
      { decoration_config, refs, pod_spec: { containers: [{ name: '', command: ['a'] }] } },
      ['clonerefs', 'initupload', 'place-entrypoint', 'test=entrypoint', 'sidecar'],
    ],
    [
      'several containers and one that goes on beside them, nothing to clone',
      {
        decoration_config,
        pod_spec: {
          initContainers: [{ name: 'db', restartPolicy: 'Always' }],
          containers: [
            { name: 'a', command: ['a'] },
            { name: 'b', command: ['b'] },
          ],
        },
      },
      ['db=program', 'initupload', 'place-entrypoint', 'a=entrypoint', 'b=entrypoint', 'sidecar'],
    ],
    [
      'nothing, of a job that only looks decorated',
      {
        refs,
        pod_spec: {
          initContainers: forged,
          containers: [
            { name: 'a', ...entrypoint },
            { name: 'sidecar', env: [{ name: 'SIDECAR_OPTIONS', value: '{}' }] },
          ],
        },
      },
      ['clonerefs=program', 'place-entrypoint=program', 'a=program', 'sidecar=program'],
    ],
  ])('%s', (_, spec, expected) => {
    const annotations = { [UTILITIES]: JSON.stringify({ a: 'sidecar', clonerefs: 'clonerefs', test: 'sidecar' }) };
    const job: ProwJob = {
      apiVersion: 'prow.k8s.io/v1',
      kind: 'ProwJob',
      metadata: { name: 'p', annotations },
      spec,
      status: {},
    };
    const pod = withRoles(podOf(job), job);
    const all = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
    const told = all.map(({ name }): string => {
      const role: Role = roleOf(pod, name);
      return role === name ? name : `${name}=${role}`;
    });
    expect(told).toEqual(expected);
  });
});
