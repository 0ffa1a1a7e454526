import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { temporaryFolder } from './files.ts';
import { kubectl } from './kubectl.ts';
import { credentialsOf, HMAC, type Surroundings } from './surroundings.ts';

const DEPLOY = new URL('../../../deploy', import.meta.url).pathname;

/** `PREFIX:TAG` of the images, which test/images/build.sh makes; the utilities are `PREFIX-clonerefs:TAG` and so on. */
const IMAGES = process.env.CUTWATER_IMAGES ?? '';
export function imageOf(utility: string): string {
  const colon = IMAGES.lastIndexOf(':');
  return `${IMAGES.slice(0, colon)}-${utility}${IMAGES.slice(colon)}`;
}

export interface Installation {
  overlay: 'components' | 'one-process';
  /** `presubmits`, … of acme/widgets as they stand in the job configuration. */
  jobs: object;
  plugins: readonly string[];
}

/** Installs an overlay as deploy/README.md says, and waits until everything is ready. */
export async function install({ overlay, jobs, plugins }: Installation, around: Surroundings): Promise<void> {
  const folder = await temporaryFolder();
  await kubectl(['apply', '-f', join(DEPLOY, 'base/namespaces.yaml')]);
  await makeSecrets(around);
  await folder.write('config.yaml', JSON.stringify(configOf()));
  await folder.write('plugins.yaml', JSON.stringify({ plugins: { acme: plugins } }));
  await folder.write('jobs.yaml', JSON.stringify(jobs));
  const kustomization = kustomizationOf(overlay, folder.path, around);
  await writeFile(join(folder.path, 'kustomization.yaml'), JSON.stringify(kustomization));
  await kubectl(['apply', '-k', folder.path]);
  const kind = overlay === 'components' ? 'deployments' : 'statefulsets';
  await kubectl([
    '--namespace=prow',
    'rollout',
    'status',
    kind,
    '--timeout=240s',
    '--selector=app.kubernetes.io/part-of=cutwater',
  ]);
  const service = overlay === 'components' ? 'hook' : 'cutwater';
  const ip = await kubectl(['--namespace=prow', 'get', 'service', service, '--output=jsonpath={.spec.clusterIP}']);
  around.sandbox.sendWebhooksTo(`http://${ip}:8888/hook`);
  await folder.remove();
}

/** Removes all but the ProwJob resource, which others in this cluster may be using, however far the installation came. */
export async function uninstall(): Promise<void> {
  const gone = ['--ignore-not-found', '--timeout=240s'];
  await kubectl(['delete', 'namespace', 'prow', ...gone]);
  // Of pods whose report is due, crier holds on to the last trace; and there is no crier any more.
  const pods = await kubectl(['--namespace=test-pods', 'get', 'pods', '--output=name']);
  const letGo = ['--type=merge', '--patch={"metadata":{"finalizers":null}}'];
  for (const pod of pods.split('\n').filter(Boolean)) await kubectl(['--namespace=test-pods', 'patch', pod, ...letGo]);
  await kubectl(['delete', 'namespace', 'test-pods', ...gone]);
}

async function makeSecrets({ sandbox, databaseUrl, s3 }: Surroundings): Promise<void> {
  const { id, privateKey } = sandbox.tokens.app;
  const account = { 'service-account.json': await credentialsOf(s3) };
  const secrets: [namespace: string, name: string, data: Record<string, string>][] = [
    ['prow', 'github-app', { appid: String(id), cert: privateKey }],
    ['prow', 'hmac-token', { hmac: HMAC }],
    ['prow', 'database', { url: databaseUrl }],
    ['prow', 's3-credentials', account],
    ['test-pods', 's3-credentials', account],
  ];
  for (const [namespace, name, stringData] of secrets) {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name }, stringData };
    await kubectl(['apply', '-f', '-'], JSON.stringify(secret));
  }
}

function configOf(): object {
  const decoration = {
    timeout: '10m',
    grace_period: '3s',
    utility_images: Object.fromEntries(
      ['clonerefs', 'initupload', 'entrypoint', 'sidecar'].map((name) => [name, imageOf(name)]),
    ),
    gcs_configuration: { bucket: 's3://artifacts', path_strategy: 'explicit' },
    s3_credentials_secret: 's3-credentials',
  };
  return {
    prowjob_namespace: 'prow',
    pod_namespace: 'test-pods',
    plank: { default_decoration_config_entries: [{ config: decoration }] },
  };
}

/** An overlay of one's own. GitHub is the sandbox, by its address: no name is looked up anywhere. */
function kustomizationOf(overlay: Installation['overlay'], folder: string, { sandbox }: Surroundings): object {
  const flags = [`--github-endpoint=${sandbox.apiUrl}`, `--github-graphql-endpoint=${sandbox.graphqlUrl}`];
  const git = {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `url.${sandbox.gitUrl}/.insteadOf`,
    GIT_CONFIG_VALUE_0: 'https://github.com/',
  };
  const add = (list: string, value: unknown) => ({
    op: 'add',
    path: `/spec/template/spec/containers/0/${list}/-`,
    value,
  });
  const patch = [
    ...flags.map((flag) => add('args', flag)),
    ...Object.entries(git).map(([name, value]) => add('env', { name, value })),
  ];
  const [image, tag] = [IMAGES.slice(0, IMAGES.lastIndexOf(':')), IMAGES.slice(IMAGES.lastIndexOf(':') + 1)];
  const replaced = (name: string, file: string) => ({ name, namespace: 'prow', behavior: 'replace', files: [file] });
  return {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [relative(folder, join(DEPLOY, 'overlays', overlay))],
    components: [relative(folder, join(DEPLOY, 'storage/s3'))],
    images: [{ name: 'cutwater', newName: image, newTag: tag }],
    generatorOptions: { disableNameSuffixHash: true },
    configMapGenerator: [
      replaced('config', 'config.yaml'),
      replaced('plugins', 'plugins.yaml'),
      replaced('job-config', 'jobs.yaml'),
    ],
    patches: [
      {
        target: { kind: 'Deployment|StatefulSet', name: 'hook|crier|status-reconciler|cutwater' },
        patch: JSON.stringify(patch),
      },
    ],
  };
}
