import { afterAll, beforeAll, expect, test } from 'vitest';
import { plugins } from '../../plugins/index.ts';
import * as actions from '../../sandbox/model/actions/index.ts';
import { labelByName } from '../../sandbox/model/lookup.ts';
import { TRIAGE } from './support/together.ts';
import { type Outcome, openTrials, type Scene, type Trial, type Trials } from './support/trial.ts';

const NOTE = '```release-note\nA flag.\n```';
const NEEDED = 'do-not-merge/release-note-label-needed';
const TEAM_ID = 7_000_000;
const SHRUG = '¯\\_(ツ)_/¯';

/** The services for fun are where nobody listens. */
const NOWHERE = 'http://127.0.0.1:9';
const CONFIG = `plugins:
  acme: [${TRIAGE.join(', ')}]
label: {additional_labels: [special]}
repo_milestone: {'': {maintainers_team: planners}}
milestone_applier: {acme/widgets: {main: v1, release: v2}}
require_matching_label:
- {org: acme, repo: widgets, prs: true, issues: true, regexp: ^kind/, missing_label: needs-kind, missing_comment: Say what kind., grace_period: 1ms}
project_config: {project_org_configs: {acme: {org_maintainers_team_id: ${TEAM_ID}, org_default_column_map: {Plan: To do}}}}
project_manager: {orgsRepos: {acme: {projects: {Plan: {columns: [{name: To do, org: acme, labels: [kind/bug]}]}}}}}
cat: {api_url: ${NOWHERE}, grumpy_url: ${NOWHERE}}
dog: {api_url: ${NOWHERE}, fine_images_url: ${NOWHERE}}
goose: {api_url: ${NOWHERE}}
pony: {api_url: ${NOWHERE}}
yuks: {api_url: ${NOWHERE}}
trick_or_treat: {images: ['${NOWHERE}/x.png']}
`;

type Row = Trial & { name: string; after: Partial<Outcome> };

/** Somebody says it on a new issue or pull request. */
function said(
  plugin: string,
  on: Trial['on'],
  login: string,
  body: string,
  more: Partial<Trial> & { after: Partial<Outcome> },
): Row {
  const when = ({ world, issue, person }: Scene) => actions.comment(world, { actor: person(login), issue, body });
  return { plugin, on, when, name: `${login} says ${JSON.stringify(body)}`, ...more };
}
const containing = (text: string) => [expect.stringContaining(text)] as unknown as string[];
const merge = ({ world, person, pull }: Scene) =>
  actions.mergePull(world, { actor: person('alice'), issue: pull, method: 'merge' });
const close = ({ world, person, issue }: Scene) => actions.setState(world, person('alice'), issue, 'closed');
const unlabel = async ({ world, person, issue, repo }: Scene, name: string) => {
  const label = labelByName(world, repo, name);
  if (label) await actions.removeLabel(world, person('alice'), issue, label);
};

const ROWS: Row[] = [
  said('label', 'issue', 'stranger', '/kind bug feature\n/label special', {
    after: { labels: ['kind/bug', 'kind/feature', 'special'] },
  }),
  said('label', 'issue', 'bob', '/remove-kind bug\n/area nowhere', {
    labels: ['kind/bug'],
    after: { labels: [], said: containing("the repository doesn't have them") },
  }),
  said('lifecycle', 'issue', 'stranger', '/lifecycle frozen', {
    labels: ['lifecycle/stale'],
    after: { labels: ['lifecycle/frozen'] },
  }),
  said('lifecycle', 'issue', 'stranger', '/remove-lifecycle stale', {
    labels: ['lifecycle/stale'],
    after: { labels: [] },
  }),
  said('lifecycle', 'issue', 'carol', '/close not-planned', {
    after: { state: 'closed', reason: 'not_planned', said: containing('marking it as "Not Planned"') },
  }),
  said('lifecycle', 'pull request', 'bob', '/close', {
    after: { state: 'closed', said: containing('Closed this PR.') },
  }),
  said('lifecycle', 'issue', 'stranger', '/close', {
    after: { state: 'open', said: containing("You can't close an active issue/PR") },
  }),
  said('lifecycle', 'issue', 'bob', '/reopen', {
    given: close,
    after: { state: 'open', said: containing('Reopened this issue.') },
  }),
  said('stage', 'issue', 'stranger', '/stage beta', { labels: ['stage/alpha'], after: { labels: ['stage/beta'] } }),
  said('stage', 'pull request', 'stranger', '/remove-stage alpha', { labels: ['stage/alpha'], after: { labels: [] } }),
  said('milestone', 'issue', 'carol', '/milestone v1', { after: { milestone: 'v1' } }),
  said('milestone', 'issue', 'carol', '/milestone v9', {
    after: { milestone: null, said: containing('[`v1`, `v2`]') },
  }),
  said('milestone', 'issue', 'stranger', '/milestone v1', {
    after: { milestone: null, said: containing('[acme/planners]') },
  }),
  said('milestonestatus', 'issue', 'carol', '/status in-review', { after: { labels: ['status/in-review'] } }),
  said('retitle', 'pull request', 'carol', '/retitle Better', { after: { title: 'Better' } }),
  said('retitle', 'issue', 'stranger', '/retitle Mine', {
    after: { title: 'A change', said: containing('trusted users') },
  }),
  said('help', 'issue', 'stranger', '/help', {
    after: { labels: ['help wanted'], said: containing('marked as needing help') },
  }),
  said('help', 'issue', 'stranger', '/good-first-issue', {
    after: { labels: ['good first issue', 'help wanted'], said: containing('suitable for new') },
  }),
  said('help', 'issue', 'stranger', '/remove-good-first-issue', {
    labels: ['good first issue', 'help wanted'],
    after: { labels: ['help wanted'] },
  }),
  said('help', 'issue', 'stranger', '/remove-help', {
    labels: ['good first issue', 'help wanted'],
    after: { labels: [] },
  }),
  said('issue-management', 'pull request', 'carol', '/link-issue 42', {
    body: 'Fixes #41',
    after: { body: 'Fixes #41', said: containing('is a ***pull request***') },
  }),
  said('issue-management', 'pull request', 'carol', '/unlink-issue 41', {
    body: 'Why\nFixes #41',
    after: { body: 'Why', said: containing('Updated the `Fixes` line') },
  }),
  said('issue-management', 'issue', 'alice', '/pin-issue', { given: unpinAll, after: { pinned: true } }),
  said('issue-management', 'issue', 'alice', '/unpin-issue', {
    async given(scene) {
      await unpinAll(scene);
      await actions.setPinned(scene.world, scene.person('alice'), scene.issue, true);
    },
    after: { pinned: false },
  }),
  said('issue-management', 'issue', 'carol', '/transfer-issue nowhere', {
    after: { said: containing('**acme/nowhere** does not exist') },
  }),
  said('require-matching-label', 'issue', 'stranger', '/check-required-labels', {
    after: { labels: ['needs-kind'], said: ['Say what kind.'] },
  }),
  said('sigmention', 'issue', 'stranger', '@kubernetes/sig-testing-bugs', {
    after: { labels: ['kind/bug', 'sig/testing'], said: containing('Reiterating the mentions') },
  }),
  said('release-note', 'pull request', 'bob', '/release-note-none', {
    labels: [NEEDED],
    after: { labels: ['release-note-none'] },
  }),
  said('release-note', 'pull request', 'carol', `/release-note-edit\n${NOTE}`, {
    body: NOTE.replace('A flag.', 'NONE'),
    after: { body: NOTE.replaceAll('\n', '\r\n') },
  }),
  said('release-note', 'pull request', 'stranger', '/release-note', {
    after: { said: containing('have been deprecated') },
  }),
  said('shrug', 'issue', 'stranger', '/shrug', { after: { labels: [SHRUG] } }),
  said('shrug', 'issue', 'stranger', '/unshrug', { labels: [SHRUG], after: { labels: [], said: containing('¯') } }),
  said('project', 'issue', 'carol', '/project Plan', {
    after: { said: containing('added to project Plan column To do') },
  }),
  said('project', 'issue', 'carol', '/project clear Plan', {
    given: onBoard,
    after: { said: containing('removed this issue/PR from project Plan') },
  }),
  ...[
    'cat /meow',
    'cat /meow no',
    'dog /woof',
    'dog /this-is-fine',
    'pony /pony',
    'goose /honk',
    'yuks /joke',
    'trick-or-treat /trick-or-treat',
  ].map((both) => {
    const [plugin = '', ...words] = both.split(' ');
    return said(plugin, 'issue', 'stranger', words.join(' '), { after: { said: [], labels: [] } });
  }),
  {
    name: 'opened without a note',
    plugin: 'release-note',
    on: 'pull request',
    after: { labels: [NEEDED], said: containing('no release-note block was detected') },
  },
  {
    name: 'opened with a note',
    plugin: 'release-note',
    on: 'pull request',
    body: NOTE,
    labels: [],
    after: { labels: ['release-note'], said: [] },
  },
  { name: 'opened', plugin: 'size', on: 'pull request', labels: ['size/XXL'], after: { labels: ['size/XS'] } },
  { name: 'opened by a member', plugin: 'welcome', on: 'pull request', after: { said: [] } },
  { name: 'opened', plugin: 'milestoneapplier', on: 'pull request', base: 'release', after: { milestone: 'v2' } },
  {
    name: 'merged',
    plugin: 'milestoneapplier',
    on: 'pull request',
    when: merge,
    after: { milestone: 'v1', state: 'merged' },
  },
  {
    name: 'opened without a kind',
    plugin: 'require-matching-label',
    on: 'pull request',
    after: { labels: ['needs-kind'], said: ['Say what kind.'] },
  },
  {
    name: 'gets its kind',
    plugin: 'require-matching-label',
    on: 'issue',
    labels: ['needs-kind'],
    when: ({ world, person, issue }) => actions.addLabels(world, person('alice'), issue, ['kind/bug']),
    after: { labels: ['kind/bug'] },
  },
  {
    name: 'loses its kind',
    plugin: 'require-matching-label',
    on: 'issue',
    labels: ['kind/bug'],
    when: (scene) => unlabel(scene, 'kind/bug'),
    after: { labels: ['needs-kind'] },
  },
  {
    name: 'is labelled',
    plugin: 'project-manager',
    on: 'issue',
    when: ({ world, person, issue }) => actions.addLabels(world, person('alice'), issue, ['kind/bug']),
    after: { labels: ['kind/bug'] },
  },
];

ROWS.push(
  {
    name: 'merged',
    plugin: 'branchcleaner',
    on: 'pull request',
    when: merge,
    after: { state: 'merged', branch: false },
  },
  {
    name: 'closed without merge',
    plugin: 'branchcleaner',
    on: 'pull request',
    when: close,
    after: { state: 'closed', branch: true },
  },
  { name: 'adds to OWNERS', plugin: 'heart', on: 'pull request', file: 'deep/OWNERS', after: { reactions: 1 } },
  { name: 'adds to another file', plugin: 'heart', on: 'pull request', after: { reactions: 0 } },
);

let trials: Trials;
/** A column of the board Plan. */
let column = 0;
beforeAll(async () => {
  trials = await openTrials(
    CONFIG,
    plugins.map(({ name }) => name),
  );
  const { sandbox } = trials.platform;
  const { world, repo, person } = sandbox;
  const members = [{ userId: person('carol').id, role: 'member' as const }];
  const team = { description: '', privacy: 'closed', parentId: null, repos: [] } as const;
  world.teams.put({
    ...team,
    id: TEAM_ID,
    orgId: repo.ownerId,
    slug: 'planners',
    name: 'planners',
    members,
    repos: [],
  });
  for (const title of ['v1', 'v2']) await sandbox.ask('alice', 'POST', '/repos/acme/widgets/milestones', { title });
  await actions.pushCommit(world, { actor: person('alice'), repo, branch: 'release', message: 'Release', files: [] });
  for (const name of ['sig/testing', 'special']) actions.createLabel(world, person('alice'), repo, { name });
  const board = await sandbox.ask('alice', 'POST', '/orgs/acme/projects', { name: 'Plan' });
  column = (await sandbox.ask('alice', 'POST', `/projects/${board.body.id}/columns`, { name: 'To do' })).body.id;
});
afterAll(() => trials.platform.close());

/** GitHub has room for three. */
async function unpinAll({ world, person, repo }: Scene) {
  for (const id of repo.pinnedIssueIds) await actions.setPinned(world, person('alice'), world.issues.need(id), false);
}

async function onBoard({ issue }: Scene) {
  const card = { content_id: issue.id, content_type: 'Issue' };
  await trials.platform.sandbox.ask('alice', 'POST', `/projects/columns/${column}/cards`, card);
}

test.each(ROWS)(
  '$plugin, $on: $name; and no request that fails changes what comes of it',
  async ({ after: wanted, ...trial }) => {
    const calm = await trials.run(trial);
    expect(calm.outcome).toMatchObject(wanted);
    expect(calm.attempts).toBe(1);
    for (let request = 0; request < calm.requests; request++) {
      for (const after of [false, true]) {
        const troubled = await trials.run(trial, { request, after });
        expect(
          troubled.outcome,
          `request ${request} of ${calm.requests}${after ? ', done but not answered' : ''}`,
        ).toEqual(calm.outcome);
      }
    }
  },
);

test('every plugin of this half is tried', () => {
  expect(new Set(ROWS.map(({ plugin }) => plugin))).toEqual(new Set(TRIAGE));
});
