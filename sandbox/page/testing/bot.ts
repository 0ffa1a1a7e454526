import * as actions from '../../model/actions/index.ts';
import type { Change } from '../../model/changes.ts';
import { labelByName } from '../../model/lookup.ts';
import type { Account, Issue, Repo } from '../../model/records.ts';
import type { World } from '../../model/world.ts';

/** A bot without a program behind it: it answers a few commands as soon as they are said. */
export function playBot(world: World): () => void {
  return world.feed.subscribe((change) => {
    if (change.kind === 'comment.created') setTimeout(() => void answer(world, change), 20);
  });
}

async function answer(world: World, change: Change): Promise<void> {
  const bot = world.accounts.by('cutwater[bot]');
  const repo = world.repos.all().find(({ name, parentId }) => name === 'widgets' && parentId === null);
  const issue = repo && world.issues.by(`${repo.id}#${change.numbers[0]}`);
  if (!bot || !repo || !issue || change.actor === bot.login) return;
  for (const line of String(change.data.body).split('\n'))
    await obey(world, bot, repo, issue, change.actor, line.trim());
}

async function obey(world: World, bot: Account, repo: Repo, issue: Issue, actor: string, line: string): Promise<void> {
  if (line === '/test all' && issue.pull) return test(world, bot, repo, issue, actor);
  if (line === '/lgtm') return actions.addLabels(world, bot, issue, ['lgtm']);
  if (line === '/hold') return actions.addLabels(world, bot, issue, ['do-not-merge/hold']);
  if (line === '/ok-to-test') return actions.addLabels(world, bot, issue, ['ok-to-test']);
  const held = labelByName(world, repo, 'do-not-merge/hold');
  if (line === '/hold cancel' && held) return actions.removeLabel(world, bot, issue, held);
}

const CONTEXTS = ['pull-widgets-e2e', 'pull-widgets-lint', 'pull-widgets-unit'];

async function test(world: World, bot: Account, repo: Repo, issue: Issue, actor: string): Promise<void> {
  const sha = issue.pull?.headSha ?? '';
  if (actor === 'stranger') {
    const words = `@stranger: Cannot trigger testing until a trusted user reviews the PR and leaves an \`/ok-to-test\` message.

<details>

In response to [this](https://example.com/comment):

>/test all

Instructions for interacting with me using PR comments are available [here](https://git.k8s.io/community/contributors/guide/pull-requests.md).
</details>
<!-- a comment of the bot -->`;
    actions.comment(world, { actor: bot, issue, body: words });
    return;
  }
  for (const context of CONTEXTS) {
    await actions.setStatus(world, {
      actor: bot,
      repo,
      sha,
      context,
      state: 'pending',
      description: 'Job triggered.',
      targetUrl: `http://127.0.0.1:1/view/${context}`,
    });
  }
}
