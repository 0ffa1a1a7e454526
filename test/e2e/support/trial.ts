import { hasCode } from '../../../core/errors.ts';
import { readRef, ZERO } from '../../../sandbox/git/refs.ts';
import * as actions from '../../../sandbox/model/actions/index.ts';
import { gitDir, isPull, labelsOf } from '../../../sandbox/model/lookup.ts';
import type { Account, Issue, PullIssue, Repo } from '../../../sandbox/model/records.ts';
import type { World } from '../../../sandbox/model/world.ts';
import type { Received } from '../../../sandbox/testing.ts';
import { openPlatform, type Platform } from './platform.ts';

/** What a trial acts with: the sandbox's GitHub, and one new issue or pull request of bob's. */
export interface Scene {
  world: World;
  repo: Repo;
  issue: Issue;
  pull: PullIssue;
  person(login: string): Account;
}

export interface Trial {
  /** The plugin that sees what happens; the others do not. */
  plugin: string;
  on: 'issue' | 'pull request';
  title?: string;
  body?: string;
  labels?: readonly string[];
  base?: string;
  /** The file that the pull request adds. */
  file?: string;
  /** What happens before anybody looks. */
  given?(scene: Scene): unknown;
  /** What happens while the plugin looks; nothing: the opening itself. */
  when?(scene: Scene): unknown;
}

/** What is on GitHub afterwards, without what is different every time. */
export interface Outcome {
  title: string;
  body: string;
  state: string;
  reason: string | null;
  labels: string[];
  assignees: string[];
  milestone: string | null;
  pinned: boolean;
  reactions: number;
  /** Whether the pull request's branch is there. */
  branch: boolean;
  /** What the bot wrote, without what is folded away. */
  said: string[];
}

/** The request that goes wrong, counted from 0, and whether GitHub does what it asks before it fails to answer. */
interface Fault {
  request: number;
  after: boolean;
}

export interface Trials {
  platform: Platform;
  run(trial: Trial, fault?: Fault): Promise<{ outcome: Outcome; requests: number; attempts: number }>;
}

/** A platform for trials, with `config` and all the faults that they ask for. */
export async function openTrials(config: string, plugins: readonly string[]): Promise<Trials> {
  let arrived = 0;
  let going: Fault | undefined;
  const platform: Platform = await openPlatform({
    config,
    onRequest() {
      const index = arrived++;
      if (going?.request === index)
        platform.sandbox.faults.add({ times: 1, answer: { status: 502, after: going.after } });
    },
  });
  let count = 0;
  return {
    platform,
    async run(trial, fault) {
      const { sandbox, webhooksOf, dispatch } = platform;
      const name = `trial-${++count}`;
      const opening: Received[] = [];
      const scene = { world: sandbox.world, repo: sandbox.repo, person: sandbox.person } as Scene;
      opening.push(...(await webhooksOf(async () => Object.assign(scene, await opened(trial, scene, name)))));
      await trial.given?.(scene);
      const seen = trial.when ? await webhooksOf(() => trial.when?.(scene)) : opening;
      arrived = 0;
      going = fault;
      let attempts = 0;
      const others = plugins.filter((plugin) => plugin !== trial.plugin);
      for (const [index, hook] of seen.entries())
        attempts = Math.max(attempts, await untilDone(() => dispatch(`${name} ${index}`, hook, others)));
      going = undefined;
      return { outcome: await outcomeOf(scene, name), requests: arrived, attempts };
    },
  };
}

async function opened(trial: Trial, { world, repo, person }: Scene, name: string) {
  const { title = 'A change', body = '', base = 'main', on } = trial;
  const actor = person('bob');
  const wish = { actor, repo, title, body };
  if (on === 'issue') {
    const issue = await actions.openIssue(world, wish);
    await actions.addLabels(world, actor, issue, trial.labels ?? []);
    return { issue };
  }
  const after = (await readRef(gitDir(world, repo), `refs/heads/${base}`)) ?? ZERO;
  await actions.moveRef(world, actor, repo, { ref: `refs/heads/${name}`, before: ZERO, after });
  const files = [{ path: trial.file ?? `docs/${name}.md`, content: Buffer.from(`${name}\n`) }];
  await actions.pushCommit(world, { actor, repo, branch: name, message: name, files });
  const pull = await actions.openPull(world, { ...wish, base, headRepo: repo, head: name });
  await actions.addLabels(world, actor, pull, trial.labels ?? []);
  return { issue: pull, pull };
}

/** Gives the number of attempts; only what may heal is tried again. */
async function untilDone(attempt: () => Promise<void>): Promise<number> {
  for (let count = 1; ; count++) {
    try {
      await attempt();
      return count;
    } catch (error) {
      if (!hasCode(error, 'transient') || count > 3) throw error;
    }
  }
}

async function outcomeOf({ world, repo, issue }: Scene, name: string): Promise<Outcome> {
  const plain = (text: string) =>
    text.replaceAll(new RegExp(`#${issue.number}\\b|${name}|(pull|issues)/\\d+|issuecomment-\\d+`, 'g'), '…');
  const login = (id: number) => world.accounts.need(id).login;
  return {
    title: issue.title,
    body: plain(issue.body ?? ''),
    state: isPull(issue) && issue.pull.merged ? 'merged' : issue.state,
    reason: issue.stateReason,
    labels: labelsOf(world, issue)
      .map((label) => label.name)
      .sort(),
    assignees: issue.assigneeIds.map(login).sort(),
    milestone: world.milestones.get(issue.milestoneId)?.title ?? null,
    pinned: repo.pinnedIssueIds.includes(issue.id),
    reactions: world.reactions.all().filter(({ subject, subjectId }) => subject === 'issue' && subjectId === issue.id)
      .length,
    branch: (await readRef(gitDir(world, repo), `refs/heads/${name}`)) !== undefined,
    said: world.comments
      .all()
      .filter(({ issueId, appId }) => issueId === issue.id && appId !== null)
      .map(({ body }) => plain(body.split('\n\n<details>')[0] ?? '')),
  };
}
