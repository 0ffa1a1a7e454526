import { afterAll, beforeAll, expect, test } from 'vitest';
import * as actions from '../../sandbox/model/actions/index.ts';
import { openStage, type Stage } from './support/stage.ts';

const CONFIG = `
plugins:
  acme/widgets:
    plugins: [cherrypicker, needs-rebase]
cherrypicker:
  create-issue-on-conflict: true
  labels: [backport]
`;

let stage: Stage;
let start: string;
beforeAll(async () => {
  stage = await openStage({
    config: CONFIG,
    flags: ['--needs-rebase-update-period=2s'],
    async prepare(sandbox) {
      const [repo] = sandbox.world.repos.all().filter(({ name }) => name === 'widgets');
      const [actor] = sandbox.world.accounts.all().filter(({ login }) => login === 'alice');
      if (!repo || !actor) throw new Error('the sandbox has changed');
      const files = [{ path: 'shared.txt', content: Buffer.from('one\n') }];
      start = await actions.pushCommit(sandbox.world, { actor, repo, branch: 'main', message: 'Begin', files });
      for (const branch of ['release-1', 'release-2', 'release-3'])
        await actions.moveRef(sandbox.world, actor, repo, { ref: `refs/heads/${branch}`, before: ZERO, after: start });
    },
  });
});
afterAll(() => stage.close());

const ZERO = '0'.repeat(40);

/** A pull request of alice's on the repository as it was at the start. */
async function openPull(branch: string, path: string, text: string): Promise<number> {
  const { sandbox, repo, person } = stage;
  const actor = person('alice');
  await actions.moveRef(sandbox.world, actor, repo, { ref: `refs/heads/${branch}`, before: ZERO, after: start });
  const files = [{ path, content: Buffer.from(text) }];
  await actions.pushCommit(sandbox.world, { actor, repo, branch, message: `Change ${path}`, files });
  const wish = { actor, repo, headRepo: repo, title: `Change ${path}`, base: 'main', head: branch };
  return (await actions.openPull(sandbox.world, wish)).number;
}

function merge(number: number): Promise<string> {
  return actions.mergePull(stage.sandbox.world, {
    actor: stage.person('alice'),
    issue: stage.pull(number),
    method: 'squash',
  });
}

/** Titles of the pull requests and issues that the bot opened. */
function opened(title: RegExp): number[] {
  const all = stage.sandbox.world.issues.all().filter(({ repoId }) => repoId === stage.repo.id);
  return all.filter((issue) => title.test(issue.title)).map(({ number }) => number);
}

const said = (number: number, pattern: RegExp) => stage.answers(number).some((body) => pattern.test(body));

test('a chain of cherry-picks goes from branch to branch, asked for before the merge', async () => {
  const number = await openPull('chain', 'chain.txt', 'x\n');
  stage.comment('alice', number, '/cherrypick release-2 release-1');
  await stage.until(() => said(number, /once the present PR merges/));
  await merge(number);
  await stage.until(() => said(number, /new pull request created: #\d+/));
  const [first = 0] = opened(/^\[release-2\] Change chain.txt$/);
  await stage.until(() => stage.labels(first).includes('backport'));
  expect(stage.pull(first).body).toBe(
    `This is an automated cherry-pick of #${number}\n\n/assign alice\n\n/cherrypick release-1`,
  );
  await merge(first);
  await stage.until(() => said(first, /new pull request created: #\d+/));
  expect(opened(/^\[release-1\] Change chain.txt$/)).toHaveLength(1);
  stage.comment('alice', number, '/cherrypick release-3\n/cherrypick nowhere');
  await stage.until(() => said(number, /cannot checkout `nowhere`: acme\/widgets has no such branch/));
  await stage.until(() => opened(/^\[release-3\] Change chain.txt$/).length === 1);
});

test('a conflict becomes an issue with what to do', async () => {
  const { sandbox, repo, person } = stage;
  const files = [{ path: 'shared.txt', content: Buffer.from('other\n') }];
  await actions.pushCommit(sandbox.world, {
    actor: person('alice'),
    repo,
    branch: 'release-1',
    message: 'Other',
    files,
  });
  const number = await openPull('clash', 'shared.txt', 'two\n');
  await merge(number);
  stage.comment('alice', number, '/cherrypick release-1');
  await stage.until(() => said(number, /new issue created for failed cherrypick: #\d+/));
  expect(
    said(number, /failed to apply on top of branch "release-1":\n```\nApplying: Change shared.txt\nCONFLICT/),
  ).toBe(true);
  expect(opened(/^\[release-1\] Change shared.txt$/)).toHaveLength(1);
});

test('a pull request that conflicts is labelled by the sweep, and not any more when it does not', async () => {
  const { sandbox, repo, person } = stage;
  const number = await openPull('late', 'late.txt', 'mine\n');
  const push = (branch: string, path: string, text: string) => {
    const files = [{ path, content: Buffer.from(text) }];
    return actions.pushCommit(sandbox.world, { actor: person('alice'), repo, branch, message: 'More', files });
  };
  await push('main', 'late.txt', 'theirs\n');
  await stage.until(() => stage.labels(number).includes('needs-rebase') && said(number, /^PR needs rebase\./));
  await push('late', 'late.txt', 'theirs\n');
  await stage.until(() => !stage.labels(number).includes('needs-rebase') && stage.answers(number).length === 0);
});

test('GitHub knows every request that was made, and no credentials stand in the log', () => {
  // The description is of REST; the sweep speaks GraphQL.
  expect(stage.complaints.filter((complaint) => !complaint.startsWith('POST /api/graphql:'))).toEqual([]);
  expect(stage.product.log()).not.toMatch(/Authorization|ghs_/);
});
