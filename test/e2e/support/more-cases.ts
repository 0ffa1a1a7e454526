import { Buffer } from 'node:buffer';
import { readCommit, writeCommit } from '../../../sandbox/git/commits.ts';
import { ZERO } from '../../../sandbox/git/refs.ts';
import * as actions from '../../../sandbox/model/actions/index.ts';
import { gitDir } from '../../../sandbox/model/lookup.ts';
import type { PullIssue } from '../../../sandbox/model/records.ts';
import { personOf } from '../../../sandbox/present/commits.ts';
import { CASES_CONFIG, type Case, happens, opens, type Scene, said } from './cases.ts';

/** A file whose OWNERS have labels, as `prepareRepo` puts them there. */
const LABELLED = 'labelled/a.md';

/** Pushes what some of these cases need on the base branch. */
export async function prepareRepo({ world, repo, person }: Scene): Promise<void> {
  const files = [{ path: 'labelled/OWNERS', content: Buffer.from('labels: [kind/bug]\napprovers: [carol]\n') }];
  const actor = person('alice');
  const after = await actions.pushCommit(world, { actor, repo, branch: 'main', message: 'Label it', files });
  await actions.moveRef(world, actor, repo, { ref: 'refs/heads/release-1', before: ZERO, after });
}

const merge = ({ world, person }: Scene, issue: PullIssue) =>
  actions.mergePull(world, { actor: person('alice'), issue, method: 'merge' });

/** A merge commit on top of the pull request's branch. */
async function mergeCommit({ world, repo, person }: Scene, { pull }: PullIssue) {
  const dir = gitDir(world, repo);
  const head = await readCommit(dir, pull.headSha);
  if (!head) throw new Error('the head is gone');
  const parents = [pull.headSha, pull.baseSha];
  const author = personOf(world, person('bob'));
  const after = await writeCommit(dir, { tree: head.tree, parents, message: 'Merge main', author });
  const ref = `refs/heads/${pull.headRef}`;
  await actions.moveRef(world, person('bob'), repo, { ref, before: pull.headSha, after });
}

/** Plugins that ask other services as well, that act on a merge, or that others stand in for elsewhere. */
export const MORE_CASES: readonly Case[] = [
  opens('rifle', 'it asks those who know the lines', {
    files: { 'lib/upload.sh': 'exit 1\n' },
    wanted: { reviewers: ['alice', 'carol'] },
  }),
  said('rifle', '/auto-cc', { wanted: { reviewers: ['alice', 'carol'] } }),
  opens('owners-label', 'a file of labelled owners', { files: { [LABELLED]: '' }, wanted: { labels: ['kind/bug'] } }),
  opens('mergecommitblocker', 'a merge commit', {
    prepare: mergeCommit,
    says: /because PR contains merge commits/,
    wanted: { labels: ['do-not-merge/contains-merge-commits'] },
  }),
  said('jira', 'see ABC-1 and ABC-2', {
    wanted: {
      told: ['jira: link on ABC-1'],
      written: ['see [ABC-1](https://jira.example/browse/ABC-1) and ABC-2'],
    },
  }),
  opens('bugzilla', 'a bug in the title', {
    title: 'Bug 7: mend it',
    says: /The bug has been moved to the POST state/,
    wanted: { labels: ['bugzilla/severity-high', 'bugzilla/valid-bug'], told: ['bugzilla: 7 is POST'] },
  }),
  said('bugzilla', '/bugzilla refresh', {
    title: 'Bug 8: mend it',
    says: /No Bugzilla bug with ID 8 exists/,
    wanted: { told: [] },
  }),
  happens('config-updater', 'merged', 'pull_request', merge, {
    files: { 'config/jobs.yaml': 'x' },
    says: /Updated the `jobs` configmap/,
    wanted: { told: ['config map: prow/jobs has VERSION,jobs.yaml'] },
  }),
  happens('reward-owners', 'a new owner, merged', 'pull_request', merge, {
    files: { 'sub/OWNERS': 'reviewers: [bob]\n# ' },
    says: /^Thanks to @bob for serving/m,
    wanted: {},
  }),
  said('cherrypicker', '/cherrypick release-1', {
    prepare: merge,
    says: /new pull request created: #/,
    wanted: { opened: ['[release-1] A change'] },
  }),
  said('slackevents', '@kubernetes/sig-testing-bugs look', { wanted: { told: ['slack: sig-testing'] } }),
];

/** Configuration with which they come out so. */
export const MORE_CONFIG = `${CASES_CONFIG}bugzilla:
  default:
    '*': {is_open: true, state_after_validation: {status: POST}}
config_updater: {maps: {'config/*.yaml': {name: jobs}}}
slack: {mentionchannels: [sig-testing]}
`;
