import type { V1Container } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { fromRepositoryNote } from '../../api/from-repository.ts';
import type { ProwJobSpec } from '../../api/prowjob.ts';
import { assertConfined, type Confinement } from './confined.ts';

const REFS = { org: 'acme', repo: 'site', repo_link: 'https://github.com/acme/site' };
const NOTHING: Confinement = { hostAccess: false, repoSecrets: [] };

/** What a job is refused for; only the fields. */
function fields(spec: Partial<ProwJobSpec>, confinement = NOTHING, annotations = {}): string[] {
  try {
    assertConfined({ metadata: { annotations }, spec } as Parameters<typeof assertConfined>[0], confinement);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid' });
    return (error as Error).message.split('; ').map((problem) => problem.split(': ')[0] ?? '');
  }
}
const withContainer = (container: Partial<V1Container>, volumes = [{ name: 'v', emptyDir: {} }]) => ({
  pod_spec: { volumes, containers: [{ name: 'a' }, { name: 'b', ...container }] },
});
const mounted = (mount: object) => withContainer({ volumeMounts: [{ name: 'v', mountPath: '/v', ...mount }] });

describe('a job in containers of this machine', () => {
  it.each<[string, Partial<ProwJobSpec>]>([
    ['nothing', {}],
    [
      'the usual',
      {
        refs: REFS,
        extra_refs: [
          { org: 'acme', repo: 'site-docs', clone_uri: 'git@github.com:acme/docs.git' },
          { org: 'a', repo: 'b', clone_uri: 'ssh://git@host:22/a/b', path_alias: 'k8s.io/b' },
        ],
        pod_spec: {
          hostNetwork: false,
          volumes: [
            { name: 'v', emptyDir: {} },
            { name: 's', secret: { secretName: 's' } },
          ],
          containers: [
            {
              name: 'a',
              securityContext: { privileged: false, runAsUser: 0, capabilities: { drop: ['ALL'], add: [] } },
              volumeMounts: [{ name: 'v', mountPath: '/data/v', subPath: '' }],
            },
          ],
        },
        decoration_config: { oauth_token_secret: { name: 's', key: 'token' }, cookiefile_secret: 'c/cookies' },
      },
    ],
  ])('is taken with %s', (_, spec) => {
    expect(fields(spec)).toEqual([]);
  });

  it.each<[field: string, Partial<ProwJobSpec>]>([
    ['pod_spec.hostNetwork', { pod_spec: { containers: [], hostNetwork: true } }],
    ['pod_spec.hostPID', { pod_spec: { containers: [], hostPID: true } }],
    ['pod_spec.hostIPC', { pod_spec: { containers: [], hostIPC: true } }],
    [
      'pod_spec.volumes[1].hostPath',
      { pod_spec: { containers: [], volumes: [{ name: 'v' }, { name: 'h', hostPath: { path: '/' } }] } },
    ],
    ['pod_spec.containers[1].securityContext.privileged', withContainer({ securityContext: { privileged: true } })],
    [
      'pod_spec.containers[1].securityContext.capabilities.add[0]',
      withContainer({ securityContext: { capabilities: { add: ['SYS_ADMIN'] } } }),
    ],
    [
      'pod_spec.initContainers[0].securityContext.privileged',
      { pod_spec: { containers: [], initContainers: [{ name: 'i', securityContext: { privileged: true } }] } },
    ],
    ['pod_spec.containers[1].volumeMounts[0].subPath', mounted({ subPath: 'x' })],
    ['pod_spec.containers[1].volumeMounts[0].subPathExpr', mounted({ subPathExpr: '$(X)' })],
    ...['/srv/git/private', '../other', 'file:///srv/git', 'file:/srv', 'FILE:///srv', 'ext::sh -c id', 'a/b:c'].map(
      (clone_uri): [string, Partial<ProwJobSpec>] => ['refs.clone_uri', { refs: { ...REFS, clone_uri } }],
    ),
    ['refs.clone_uri', { refs: { ...REFS, clone_uri: 'https:///srv/git' } }],
    ['refs.clone_uri', { refs: { ...REFS, clone_uri: 'fd::3' } }],
    ['extra_refs[0].clone_uri', { extra_refs: [{ org: 'a', repo: 'b', clone_uri: '/srv' }] }],
    ['extra_refs[0].repo_link', { extra_refs: [{ org: 'a', repo: 'b', repo_link: '/srv' }] }],
    ['extra_refs[0]', { refs: REFS, extra_refs: [{ org: 'x', repo: 'y', path_alias: 'github.com/Acme/site/link' }] }],
  ])('is refused %s, unless the operator allows it', (field, spec) => {
    expect(fields(spec)).toEqual([field]);
    expect(fields(spec, { ...NOTHING, hostAccess: true })).toEqual([]);
  });

  it.each<[field: string, Partial<ProwJobSpec>]>([
    ['pod_spec.containers[1].volumeMounts[0].mountPath', mounted({ mountPath: '/v,source=/' })],
    ['pod_spec.containers[1].volumeMounts[0].mountPath', mounted({ mountPath: '/v:/x' })],
    ['pod_spec.containers[1].volumeMounts[0].mountPath', mounted({ mountPath: '/v"' })],
    ['pod_spec.containers[1].volumeMounts[0].mountPath', mounted({ mountPath: '/v\nx' })],
    ['pod_spec.containers[1].volumeMounts[0].name', mounted({ name: 'local-artifacts' })],
    [
      'pod_spec.initContainers[0].volumeMounts[0].name',
      {
        pod_spec: {
          containers: [],
          initContainers: [{ name: 'i', volumeMounts: [{ name: 'gcs-credentials', mountPath: '/x' }] }],
        },
      },
    ],
    ['decoration_config.oauth_token_secret.key', { decoration_config: { oauth_token_secret: { key: '../../etc/x' } } }],
    [
      'decoration_config.github_app_private_key_secret.key',
      { decoration_config: { github_app_private_key_secret: { key: '../x' } } },
    ],
    ['decoration_config.cookiefile_secret', { decoration_config: { cookiefile_secret: 'c/../../x' } }],
  ])('is refused %s whatever the operator allows', (field, spec) => {
    expect(fields(spec, { ...NOTHING, hostAccess: true })).toEqual([field]);
  });

  it('that its repository declares has those secrets that the operator lets repositories name', () => {
    const note = fromRepositoryNote({ secrets: ['codecov', 'deploy'], token_orgs: [] });
    expect(fields({}, NOTHING, note)).toEqual(['secret "codecov"', 'secret "deploy"']);
    expect(fields({}, { hostAccess: true, repoSecrets: ['codecov'] }, note)).toEqual(['secret "deploy"']);
  });

  it('is told everything at once', () => {
    expect(() =>
      assertConfined(
        { metadata: {}, spec: { pod_spec: { containers: [], hostPID: true, hostIPC: true } } } as never,
        NOTHING,
      ),
    ).toThrow(
      'pod_spec.hostPID: it reaches this machine, which only --local-host-access allows; pod_spec.hostIPC: it reaches',
    );
  });
});
