import { Buffer } from 'node:buffer';
import * as actions from '../../../sandbox/model/actions/index.ts';
import { labelsOf } from '../../../sandbox/model/lookup.ts';
import type { Account, PullIssue, Repo } from '../../../sandbox/model/records.ts';
import type { World } from '../../../sandbox/model/world.ts';

/** The sandbox's GitHub, for whoever does things there. */
export interface Scene {
  world: World;
  repo: Repo;
  person(login: string): Account;
}

/** What somebody does with a pull request, and what a plugin makes of it. */
export interface Case {
  plugin: string;
  name: string;
  /** The webhook that tells of it; issue_comment unless told otherwise. */
  event: string;
  author: string;
  title: string;
  draft: boolean;
  /** The pull request's files and the message of its one commit. */
  files: Record<string, string>;
  message: string;
  /** Labels that are there before. */
  before: string[];
  prepare?(scene: Scene, pull: PullIssue): Promise<unknown>;
  /** For a pull request whose being opened is the event, there is nothing left to do. */
  act?(scene: Scene, pull: PullIssue): unknown;
  wanted: Partial<Outcome & Aftermath>;
  /** What the bot says. */
  says?: RegExp;
}

/** What else there is afterwards. */
export interface Aftermath {
  /** What was changed in other services. */
  told: string[];
  /** Titles of what was opened. */
  opened: string[];
}

/** What GitHub shows of a pull request afterwards. */
export interface Outcome {
  labels: string[];
  assignees: string[];
  reviewers: string[];
  statuses: Record<string, string>;
  /** Of the bot, with what differs between pull requests taken out. */
  comments: string[];
  /** What people wrote, as it stands now. */
  written: string[];
}

export function outcomeOf({ world, repo }: Scene, pull: PullIssue): Outcome {
  const login = (id: number) => world.accounts.need(id).login;
  const statuses = world.statuses.in(`${repo.id}@${pull.pull.headSha}`);
  const comments = world.comments.all().filter(({ issueId }) => issueId === pull.id);
  const without = (body: string) =>
    body
      .replaceAll(/pull\/\d+|issuecomment-\d+|pullrequestreview-\d+|change-\d+|[0-9a-f]{40}|\[[0-9a-f]{7}\]/g, '')
      .replaceAll(`#${pull.number}`, '')
      .replaceAll(/created: #\d+/g, 'created: #')
      // Whom approve suggests depends on the pull request's number.
      .replaceAll(/assign \[\w+\]\(\S+\)|META=\{.*\}/g, '');
  return {
    labels: labelsOf(world, pull)
      .map(({ name }) => name)
      .sort(),
    assignees: pull.assigneeIds.map(login).sort(),
    reviewers: pull.pull.requestedReviewerIds.map(login).sort(),
    statuses: Object.fromEntries(statuses.map(({ context, state }) => [context, state])),
    comments: comments
      .filter(({ appId }) => appId !== null)
      .map(({ body }) => without(body))
      .sort(),
    written: comments.filter(({ appId }) => appId === null).map(({ body }) => body),
  };
}

const plain = {
  event: 'issue_comment',
  author: 'bob',
  title: 'A change',
  draft: false,
  files: { 'docs/a.md': '' },
  message: 'A change\n\nSigned-off-by: Bob <bob@acme.example>',
  before: [],
};

const comment = (login: string, body: string) => (scene: Scene, issue: PullIssue) =>
  actions.comment(scene.world, { actor: scene.person(login), issue, body });

type Some = Partial<Case> & Pick<Case, 'wanted'>;

/** Makes things as they are before the case's event. */
export async function prepare(scene: Scene, pull: PullIssue, given: Case): Promise<void> {
  if (given.before.length > 0) await actions.addLabels(scene.world, scene.person('alice'), pull, given.before);
  await given.prepare?.(scene, pull);
}

/** Somebody says a command. */
export function said(plugin: string, words: string, more: Some & { by?: string }): Case {
  const { by = 'carol', ...rest } = more;
  return { ...plain, plugin, name: `${words.replaceAll('\n', ' ')} by ${by}`, act: comment(by, words), ...rest };
}

/** A pull request is opened. */
export function opens(plugin: string, name: string, more: Some): Case {
  return { ...plain, plugin, name: `opened: ${name}`, event: 'pull_request', ...more };
}

/** Something else happens to it. */
export function happens(plugin: string, name: string, event: string, act: NonNullable<Case['act']>, more: Some): Case {
  return { ...plain, plugin, name, event, act, ...more };
}

const status = (context: string, state: 'failure' | 'success', description = 'it is so') => {
  return ({ world, repo, person }: Scene, { pull }: PullIssue) =>
    actions.setStatus(world, { actor: person('cutwater'), repo, sha: pull.headSha, context, state, description });
};

const review = (login: string, event: 'APPROVE' | 'REQUEST_CHANGES', body = 'so it is') => {
  return ({ world, person }: Scene, issue: PullIssue) =>
    actions.submitReview(world, { actor: person(login), issue, event, body });
};

const push = async ({ world, repo, person }: Scene, { pull }: PullIssue) => {
  const files = [{ path: 'docs/more.md', content: Buffer.from('more') }];
  await actions.pushCommit(world, { actor: person('alice'), repo, branch: pull.headRef, message: 'More', files });
};

const HOLD = 'do-not-merge/hold';
const INVALID = 'do-not-merge/invalid-owners-file';
const NEEDS = 'needs-ok-to-test';
const OWNERS = { 'sub/OWNERS': 'approvers:\n- stranger\n# ' };

/** Every command about review and approval, and what happens without one. */
export const CASES: readonly Case[] = [
  said('hold', '/hold', { wanted: { labels: [HOLD] } }),
  said('hold', '/hold cancel', { before: [HOLD], wanted: { labels: [] } }),
  said('hold', '/unhold', { before: [HOLD], wanted: { labels: [] } }),
  said('hold', '/remove-hold', { before: [HOLD], wanted: { labels: [] } }),
  said('lgtm', '/lgtm', { wanted: { labels: ['lgtm'], assignees: ['carol'] } }),
  said('lgtm', '/lgtm', { by: 'bob', says: /you cannot LGTM your own PR/, wanted: { labels: [] } }),
  said('lgtm', '/lgtm cancel', { before: ['lgtm'], wanted: { labels: [], assignees: ['carol'] } }),
  said('lgtm', '/remove-lgtm', { before: ['lgtm'], wanted: { labels: [], assignees: ['carol'] } }),
  happens('lgtm', 'new commits', 'pull_request', push, {
    before: ['lgtm'],
    says: /LGTM label has been removed/,
    wanted: { labels: [] },
  }),
  said('approve', '/approve', { says: /This PR is \*\*APPROVED/, wanted: { labels: ['approved'] } }),
  said('approve', '/remove-approve', { says: /This PR is \*\*NOT APPROVED/, wanted: { labels: [] } }),
  happens('approve', 'an approving review', 'pull_request_review', review('carol', 'APPROVE'), {
    wanted: { labels: ['approved'] },
  }),
  opens('approve', 'by an owner', { author: 'carol', wanted: { labels: ['approved'] } }),
  said('assign', '/assign @alice', { wanted: { assignees: ['alice'] } }),
  said('assign', '/unassign', {
    prepare: ({ world, person }, pull) => actions.setAssigned(world, person('alice'), pull, [person('carol')], true),
    wanted: { assignees: [] },
  }),
  said('assign', '/cc @alice @stranger', {
    says: /PR reviews from the following users: stranger/,
    wanted: { reviewers: ['alice'] },
  }),
  said('assign', '/uncc', {
    prepare: ({ world, person }, pull) =>
      actions.requestReviewers(world, person('alice'), pull, { people: [person('carol')] }),
    wanted: { reviewers: [] },
  }),
  said('blunderbuss', '/auto-cc', { wanted: { reviewers: ['alice', 'carol'] } }),
  opens('blunderbuss', 'it asks for reviews', { wanted: { reviewers: ['alice', 'carol'] } }),
  said('verify-owners', '/verify-owners', { files: OWNERS, says: /^- stranger$/m, wanted: { labels: [INVALID] } }),
  opens('verify-owners', 'an OWNERS file that cannot be read', {
    files: { 'sub/OWNERS': 'approvers: [\n' },
    wanted: { labels: [INVALID] },
  }),
  said('dco', '/check-dco', {
    message: 'unsigned',
    wanted: { labels: ['dco-signoff: no'], statuses: { dco: 'failure' } },
  }),
  opens('dco', 'signed', { wanted: { labels: ['dco-signoff: yes'], statuses: { dco: 'success' } } }),
  said('cla', '/check-cla', { prepare: status('EasyCLA', 'success'), wanted: { labels: ['cncf-cla: yes'] } }),
  happens('cla', 'a status', 'status', status('EasyCLA', 'failure'), { wanted: { labels: ['cncf-cla: no'] } }),
  said('override', '/override ext', {
    by: 'alice',
    prepare: status('ext', 'failure'),
    wanted: { statuses: { ext: 'success' } },
  }),
  said('override', '/override ext', {
    prepare: status('ext', 'failure'),
    says: /carol unauthorized/,
    wanted: { statuses: { ext: 'failure' } },
  }),
  said('override', '/override-sticky ext', {
    by: 'alice',
    prepare: status('ext', 'failure'),
    wanted: { statuses: { ext: 'success' } },
  }),
  said('override', '/override-cancel', {
    by: 'alice',
    prepare: status('ext', 'success', 'Overridden by alice'),
    wanted: { statuses: { ext: 'failure' } },
  }),
  said('skip', '/skip', { prepare: status('extra', 'failure'), wanted: { statuses: { extra: 'success' } } }),
  said('trigger', '/ok-to-test', {
    author: 'stranger',
    before: [NEEDS],
    wanted: { labels: ['ok-to-test'] },
  }),
  said('trigger', '/ok-to-test cancel', {
    author: 'stranger',
    before: ['ok-to-test'],
    wanted: { labels: [NEEDS] },
  }),
  said('trigger', '/test ?', { says: /trigger optional jobs:\n```\n\/test extra/, wanted: {} }),
  said('trigger', '/retest unit', { says: /does not accept any targets/, wanted: {} }),
  opens('trigger', "a stranger's", { author: 'stranger', says: /^Hi @stranger/, wanted: { labels: [NEEDS] } }),
  opens('trigger', 'a draft', { draft: true, says: /Skipping CI for Draft/, wanted: { labels: [] } }),
  opens('wip', 'a draft', { draft: true, wanted: { labels: ['do-not-merge/work-in-progress'] } }),
  opens('blockade', 'a protected path', {
    files: { 'vault/a': '' },
    wanted: { labels: ['do-not-merge/blocked-paths'] },
  }),
  opens('invalidcommitmsg', 'a commit that closes an issue', {
    message: 'Fixes #1',
    wanted: { labels: ['do-not-merge/invalid-commit-message'] },
  }),
  opens('cherry-pick-unapproved', 'a cherry-pick', { wanted: { labels: ['do-not-merge/cherry-pick-not-approved'] } }),
  happens('cherry-pick-approved', 'its approval', 'pull_request_review', review('carol', 'APPROVE'), {
    before: ['lgtm', 'approved', 'do-not-merge/cherry-pick-not-approved'],
    wanted: { labels: ['approved', 'cherry-pick-approved', 'lgtm'] },
  }),
  happens('merge-method-comment', 'a second commit', 'pull_request', push, {
    says: /PR has multiple commits/,
    wanted: {},
  }),
];

/** Configuration with which they come out so. */
export const CASES_CONFIG = `presubmits:
  acme/widgets:
  - name: unit
    always_run: false
    spec: {containers: [{image: alpine, command: ['true']}]}
  - name: extra
    always_run: false
    optional: true
    spec: {containers: [{image: alpine, command: ['true']}]}
blockades:
- repos: [acme]
  blockregexps: ['^vault/']
cherry_pick_unapproved:
  branchregexp: ^main$
cherry_pick_approved:
- org: acme
  repo: widgets
  branchregexp: ^main$
  approvers: [carol]
`;
