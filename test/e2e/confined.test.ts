import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EmbeddedStore } from '../../jobs/store/embedded.ts';
import * as actions from '../../sandbox/model/actions/index.ts';
import { openPodman } from '../servers/podman.ts';
import { openStage, type Stage } from './support/stage.ts';

const PATIENCE = 300_000;
const podman = await openPodman();

const CONFIG = `
in_repo_config: { enabled: { acme: true } }
plank:
  default_decoration_config_entries:
  - config:
      utility_images: { clonerefs: x, initupload: x, entrypoint: x, sidecar: x }
      gcs_configuration: { bucket: local, path_strategy: explicit }
plugins:
  acme: [trigger]
`;

let host: string;
let stage: Stage;
beforeAll(async () => {
  if (!podman) return;
  host = mkdtempSync(path.join(tmpdir(), 'host-'));
  const secrets = path.join(host, 'secrets');
  mkdirSync(path.join(secrets, 'deploy'), { recursive: true });
  writeFileSync(path.join(secrets, 'deploy', 'key'), 'hunter2');
  const flags = [`--local-secrets-dir=${secrets}`];
  stage = await openStage({ config: CONFIG, runtime: 'podman', env: podman.env, flags });
}, PATIENCE);
afterAll(async () => {
  await stage?.close();
  await podman?.close();
  if (host) rmSync(host, { recursive: true });
}, PATIENCE);

/** What a pull request may try: each job would leave a file in the folder `host`, or read the operator's secret. */
function prowYaml(image: string): string {
  const container = { image, command: ['sh', '-c', 'touch /host/mounted'] };
  const write = `import fs from 'node:fs'; fs.writeFileSync(${JSON.stringify(path.join(host, 'node'))}, '')`;
  const injected = `"],"copy_mode_only":true,"copy_dst":${JSON.stringify(path.join(host, 'copied'))},"x":["`;
  const forged = {
    name: 'clonerefs',
    image,
    restartPolicy: 'Always',
    env: [
      {
        name: 'CLONEREFS_OPTIONS',
        value: JSON.stringify({ src_root: host, log: path.join(host, 'log'), refs: [{ org: 'a', repo: 'b' }] }),
      },
    ],
  };
  const spec = {
    'host-path': {
      volumes: [{ name: 'h', hostPath: { path: host } }],
      containers: [{ ...container, volumeMounts: [{ name: 'h', mountPath: '/host' }] }],
    },
    secret: { volumes: [{ name: 's', secret: { secretName: 'deploy' } }], containers: [container] },
    forged: { initContainers: [forged], containers: [container] },
    entrypoint: {
      containers: [
        {
          image,
          command: ['/entrypoint'],
          env: [
            {
              name: 'ENTRYPOINT_OPTIONS',
              value: JSON.stringify({
                args: ['true'],
                process_log: path.join(host, 'process'),
                marker_file: path.join(host, 'marker'),
              }),
            },
          ],
        },
      ],
    },
    environment: {
      containers: [
        {
          image,
          command: ['sh', '-c', 'exit 0'],
          args: ['$(B)'],
          env: [
            { name: 'A', value: '' },
            { name: 'B', value: injected },
            { name: 'NODE_OPTIONS', value: `$(A)--import=data:text/javascript,${encodeURIComponent(write)}` },
          ],
        },
      ],
    },
  };
  const presubmits = Object.entries(spec).map(([name, own]) => ({
    name,
    always_run: true,
    decorate: name === 'environment',
    spec: own,
  }));
  return JSON.stringify({ presubmits });
}

/** A pull request of alice's with these jobs. */
async function openPull(text: string): Promise<number> {
  const { sandbox, repo, person } = stage;
  const actor = person('alice');
  const push = (branch: string, file: string, content: string) =>
    actions.pushCommit(sandbox.world, {
      actor,
      repo,
      branch,
      message: 'Change jobs',
      files: [{ path: file, content: Buffer.from(content) }],
    });
  const after = await push('main', 'before.txt', 'x\n');
  await actions.moveRef(sandbox.world, actor, repo, { ref: 'refs/heads/reach', before: '0'.repeat(40), after });
  await push('reach', '.prow.yaml', text);
  const wish = { actor, repo, headRepo: repo, title: 'Change jobs', base: 'main', head: 'reach' };
  return (await actions.openPull(sandbox.world, wish)).number;
}

test.skipIf(!podman)('jobs of a pull request stay in their containers', { timeout: PATIENCE }, async () => {
  const number = await openPull(prowYaml(podman?.image ?? ''));
  const ended = () => Object.values(stage.statuses(number)).filter((state) => state !== 'pending');
  await stage.until(() => ended().length === 5);
  expect(readdirSync(host)).toEqual(['secrets']);
  await stage.product.stop();
  const store = new EmbeddedStore({ path: path.join(stage.dataDir, 'prowjobs.db') });
  const jobs = (await store.list()).items.map(({ spec, status }) => [spec.job, status.state, status.description]);
  store.close();
  expect(jobs.sort()).toEqual([
    ['entrypoint', 'failure', 'Job failed.'],
    ['environment', 'success', 'Job succeeded.'],
    ['forged', 'failure', 'Job failed.'],
    ['host-path', 'error', expect.stringContaining('pod_spec.volumes[0].hostPath: it reaches this machine')],
    ['secret', 'error', expect.stringContaining('secret "deploy": not for a job that its repository declares')],
  ]);
});
