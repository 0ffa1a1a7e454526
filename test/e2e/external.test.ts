import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProwJob } from '../../jobs/api/prowjob.ts';
import * as actions from '../../sandbox/model/actions/index.ts';
import { openStage, type Stage } from './support/stage.ts';

const ZERO = '0'.repeat(40);
const BOBS = 42;
const SHRUG = '¯\\_(ツ)_/¯';

let stage: Stage;
/** What deck would list. */
let jobs: ProwJob[] = [];
let deck: Server;
const asked: string[] = [];

beforeAll(async () => {
  deck = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end(JSON.stringify({ items: jobs }));
  }).listen(0, '127.0.0.1');
  await once(deck, 'listening');
  const prowUrl = `http://127.0.0.1:${(deck.address() as AddressInfo).port}`;
  stage = await openStage({
    config: 'plugins: {acme/widgets: [hold]}',
    external: {
      cherrypicker: ['--allow-all', '--labels=backport', '--use-prow-assignments=false', '--label-prefix=pick/'],
      'needs-rebase': ['--update-period=2s', '--cache-valid-time=0'],
      refresh: [`--prow-url=${prowUrl}/`],
      shrug: [],
    },
    async prepare({ world }) {
      const [repo] = world.repos.all().filter(({ name }) => name === 'widgets');
      const [actor] = world.accounts.all().filter(({ login }) => login === 'alice');
      if (!repo || !actor) throw new Error('the sandbox has changed');
      const files = [{ path: 'shared.txt', content: Buffer.from('one\n') }];
      const after = await actions.pushCommit(world, { actor, repo, branch: 'main', message: 'Begin', files });
      for (const branch of ['release-1', 'release-2', 'topic'])
        await actions.moveRef(world, actor, repo, { ref: `refs/heads/${branch}`, before: ZERO, after });
    },
  });
});
afterAll(async () => {
  await stage.close();
  deck.close();
});

async function push(branch: string, path: string, text: string): Promise<string> {
  const { sandbox, repo, person } = stage;
  const files = [{ path, content: Buffer.from(text) }];
  return actions.pushCommit(sandbox.world, { actor: person('alice'), repo, branch, message: `Change ${path}`, files });
}

function openPull(head: string): Promise<{ number: number }> {
  const { sandbox, repo, person } = stage;
  const wish = { actor: person('alice'), repo, headRepo: repo, title: 'Change', base: 'main', head };
  return actions.openPull(sandbox.world, wish);
}

function picks(base: string): number[] {
  const all = stage.sandbox.world.issues.all().filter(({ repoId }) => repoId === stage.repo.id);
  return all.filter(({ title }) => title === `[${base}] Change`).map(({ number }) => number);
}

test('cherrypicker outside does what it does inside, as its flags say', async () => {
  const { sandbox, person } = stage;
  await push('topic', 'shared.txt', 'two\n');
  const { number } = await openPull('topic');
  await actions.mergePull(sandbox.world, { actor: person('alice'), issue: stage.pull(number), method: 'squash' });
  stage.comment('stranger', number, '/cherrypick release-1');
  await stage.until(() => picks('release-1').length === 1);
  const [first = 0] = picks('release-1');
  await stage.until(() => stage.labels(first).includes('backport'));
  expect(stage.pull(first).body).not.toContain('/assign');
  await actions.addLabels(sandbox.world, person('alice'), stage.pull(number), ['pick/release-2']);
  await stage.until(() => picks('release-2').length === 1);
});

test('needs-rebase outside labels what conflicts, where hook is told to send its events', async () => {
  const { sandbox, repo, person } = stage;
  const main = await push('main', 'late.txt', 'theirs\n');
  await actions.moveRef(sandbox.world, person('alice'), repo, { ref: 'refs/heads/late', before: ZERO, after: main });
  await push('late', 'late.txt', 'mine\n');
  const { number } = await openPull('late');
  await push('main', 'late.txt', 'other\n');
  await stage.until(() => stage.labels(number).includes('needs-rebase'));
  await push('late', 'late.txt', 'other\n');
  await stage.until(() => !stage.labels(number).includes('needs-rebase'));
});

function jobOf(name: string, startTime: string, state: ProwJob['status']['state'], sha: string): ProwJob {
  const pulls = [{ number: BOBS, author: 'bob', sha }];
  const refs = { org: 'acme', repo: 'widgets', base_ref: 'main', base_sha: 'b', pulls };
  return {
    apiVersion: 'prow.k8s.io/v1',
    kind: 'ProwJob',
    metadata: { name: `${name}-${startTime}` },
    spec: { type: 'presubmit', agent: 'kubernetes', job: name, report: true, context: name, refs },
    status: { startTime, state, description: `Job ${state}.`, url: `https://prow/${name}` },
  } as ProwJob;
}

test('refresh sets again what deck knows of the head, the last run of each job', async () => {
  const { headSha } = stage.pull(BOBS).pull;
  jobs = [
    jobOf('unit', '2026-01-01T00:00:00Z', 'failure', headSha),
    jobOf('unit', '2026-01-02T00:00:00Z', 'success', headSha),
    jobOf('lint', '2026-01-01T00:00:00Z', 'pending', headSha),
    jobOf('old', '2026-01-01T00:00:00Z', 'success', ZERO),
  ];
  stage.comment('alice', BOBS, '/refresh');
  await stage.until(() => Object.keys(stage.statuses(BOBS)).length === 2);
  expect(stage.statuses(BOBS)).toEqual({ unit: 'success', lint: 'pending' });
  expect(stage.history(BOBS, 'unit')).toEqual(['success']);
  expect(asked).toEqual(['/prowjobs.js?omit=annotations,decoration_config,pod_spec']);
});

test('what happens while a plugin is away reaches it later, in order, and once', async () => {
  const { shrug } = stage.external;
  await shrug?.kill();
  stage.comment('alice', BOBS, '/shrug');
  stage.comment('alice', BOBS, '/unshrug');
  stage.comment('alice', BOBS, '/hold');
  await stage.until(() => stage.labels(BOBS).includes('do-not-merge/hold'));
  await stage.product.kill();
  await stage.product.start();
  stage.comment('alice', BOBS, '/shrug');
  await shrug?.start();
  const replies = () => stage.answers(BOBS).filter((body) => body.includes('ツ'));
  await stage.until(() => replies().length === 1 && stage.labels(BOBS).includes(SHRUG));
});

test('/plugin-help holds what the plugins outside say of themselves', async () => {
  const help = (await fetch(`${stage.product.url}/plugin-help`).then((answer) => answer.json())) as {
    ExternalPluginHelp: Record<string, { Commands: { Usage: string }[] }>;
  };
  expect(help.ExternalPluginHelp.refresh?.Commands.map(({ Usage }) => Usage)).toEqual(['/refresh']);
  expect(Object.keys(help.ExternalPluginHelp).sort()).toEqual(['cherrypicker', 'needs-rebase', 'refresh', 'shrug']);
});

test('GitHub knows every request that was made', () => {
  expect(stage.complaints.filter((complaint) => !complaint.startsWith('POST /api/graphql:'))).toEqual([]);
});
