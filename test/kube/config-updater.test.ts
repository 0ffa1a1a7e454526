import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pathOf } from '../../core/kube/paths.ts';
import { readRef } from '../../sandbox/git/refs.ts';
import * as actions from '../../sandbox/model/actions/index.ts';
import { gitDir } from '../../sandbox/model/lookup.ts';
import { openStage, type Stage } from '../e2e/support/stage.ts';
import { openCluster, type TestCluster } from './support/cluster.ts';
import { kubeconfigText, temporaryFolder } from './support/files.ts';

const ZERO = '0'.repeat(40);

interface ConfigMap {
  data?: Record<string, string>;
  binaryData?: Record<string, string>;
}

// The program as an operator starts it, the sandbox's GitHub, and ConfigMaps of a real API server.
describe('a merged pull request, with config-updater', () => {
  let cluster: TestCluster;
  let files: Awaited<ReturnType<typeof temporaryFolder>>;
  let stage: Stage;
  let namespace: string;
  beforeAll(async () => {
    cluster = await openCluster();
    files = await temporaryFolder();
    namespace = await cluster.namespace('maps');
    const config = {
      prowjob_namespace: namespace,
      pod_namespace: namespace,
      plugins: { acme: ['config-updater'] },
      config_updater: {
        maps: {
          'config/*.yaml': { name: 'whole', clusters: { build: [namespace] } },
          'packed/*.yaml': { name: 'packed', gzip: true, clusters: { build: [namespace] } },
        },
      },
    };
    const kubeconfig = await files.write('kubeconfig', kubeconfigText({ build: cluster.target }));
    stage = await openStage({ config: JSON.stringify(config), places: [`--kubeconfig=${kubeconfig}`] });
  });
  afterAll(async () => {
    await stage?.close();
    await files?.remove();
    await cluster?.close();
  });

  const mapOf = (name: string): Promise<ConfigMap> =>
    cluster.admin.request<ConfigMap>({
      path: pathOf({ group: '', version: 'v1', plural: 'configmaps' }, namespace, name),
    });

  /** Merges a change of these files; `null` takes one away. Gives what the bot says of it. */
  async function merged(changed: Record<string, string | null>): Promise<string> {
    const { sandbox, repo, person } = stage;
    const branch = `change-${Object.keys(changed).join('-').replace(/\W/g, '-')}`;
    const list = Object.entries(changed).map(([path, text]) => ({
      path,
      content: text === null ? null : Buffer.from(text),
    }));
    const { world } = sandbox;
    const actor = person('alice');
    const main = await readRef(gitDir(world, repo), 'refs/heads/main');
    await actions.moveRef(world, actor, repo, { ref: `refs/heads/${branch}`, before: ZERO, after: main ?? '' });
    await actions.pushCommit(world, { actor, repo, branch, message: 'Change', files: list });
    const wish = { actor, repo, headRepo: repo, head: branch, base: 'main', title: 'Change' };
    const { number } = await actions.openPull(world, wish);
    await actions.mergePull(world, { actor, issue: stage.pull(number), method: 'merge' });
    await stage.until(() => stage.answers(number).length > 0);
    return stage.answers(number)[0] ?? '';
  }

  it('writes the files that it adds, as they are and packed', async () => {
    const said = await merged({ 'config/a.yaml': 'a: 1\n', 'config/b.yaml': 'b: 2\n', 'packed/c.yaml': 'c: 3\n' });
    expect(said).toContain('Updated the following 2 configmaps');
    expect((await mapOf('whole')).data).toMatchObject({ 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 2\n' });
    const { 'c.yaml': packed = '' } = (await mapOf('packed')).binaryData ?? {};
    expect(gunzipSync(Buffer.from(packed, 'base64')).toString()).toBe('c: 3\n');
  });

  it('changes one key, takes another away, and says from which commit they are', async () => {
    await merged({ 'config/a.yaml': 'a: 3\n', 'config/b.yaml': null });
    const VERSION = expect.stringMatching(/^[0-9a-f]{40}$/);
    expect((await mapOf('whole')).data).toEqual({ 'a.yaml': 'a: 3\n', VERSION });
  });
});
