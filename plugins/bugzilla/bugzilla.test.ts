import { describe, expect, test } from 'vitest';
import { bug, comment, LINK, pull, type Stage } from './testing.ts';

const REFRESH = '/bugzilla refresh';
const SOME = { valid_states: [{ status: 'POST' }] };

describe('what is looked at', () => {
  const NONE =
    "@bob: No Bugzilla bug is referenced in the title of this pull request.\nTo reference a bug, add 'Bug XXX:' to the title of this pull request and request another bug refresh with <code>/bugzilla refresh</code>.";
  const edited = (from: string) => ({ changes: { title: { from } } });

  test.each<{ action: string; title: string; options?: object; payload?: object; told: string | undefined }>([
    { action: 'opened', title: 'Bug 123: x', told: LINK },
    { action: 'reopened', title: '[release-4.5] BUG  123: x', told: LINK },
    { action: 'labeled', title: 'Bug 123: x', told: undefined },
    { action: 'opened', title: 'fixing a typo', told: undefined },
    { action: 'opened', title: 'fixing a typo', options: { validate_by_default: true }, told: NONE },
    { action: 'opened', title: 'Bug 12x: y', told: undefined },
    { action: 'edited', title: 'Bug 123: x', payload: edited('fix'), told: LINK },
    { action: 'edited', title: 'Bug 123: x', payload: edited('Bug 123: y'), told: undefined },
    { action: 'edited', title: 'Bug 123: x', payload: edited('Bug 124: x'), told: LINK },
    { action: 'edited', title: 'fix', payload: edited('Bug 123: x'), told: NONE },
    { action: 'edited', title: 'fix', payload: { changes: { body: { from: 'x' } } }, told: undefined },
  ])('$action as $title, $payload', async ({ action, title, options = {}, payload = {}, told }) => {
    const after = await pull(action, { title, options, payload, bugs: [bug()] });
    expect(after.told.length).toBe(told === undefined ? 0 : 1);
    if (told !== undefined) expect(after.told[0]).toContain(told);
  });

  test.each([
    { words: '/bugzilla refresh', looks: true },
    { words: 'x\n/BUGZILLA refresh \n', looks: true },
    { words: '/bugzilla refresh now', looks: false },
    { words: '/bugzilla', looks: false },
    { words: '/bugzilla assign-qa', looks: true },
    { words: '/bugzilla cc-qa', looks: true },
  ])('$words', async ({ words, looks }) => {
    expect((await comment(words, { bugs: [bug()] })).told.length).toBe(looks ? 1 : 0);
  });

  test('an issue has no bug', async () => {
    const { told } = await comment(REFRESH, { world: { isPull: false } });
    expect(told).toEqual(['@carol: Bugzilla bug referencing is only supported for Pull Requests, not issues.']);
  });
});

const VALID = `@carol: This pull request references ${LINK}, which is valid.`;
const NO_CHECKS = '\n\n<details><summary>No validations were run on this bug</summary></details>';

interface Row extends Stage {
  of: string;
  before?: string[];
  after?: string[];
  told: (string | RegExp)[];
  writes?: unknown[];
}

const BOTH = ['bugzilla/valid-bug', 'bugzilla/invalid-bug'];
const closed = (number: number, org = 'acme') => ({ org, repo: 'widgets', number });

test.each<Row>([
  {
    of: 'no such bug',
    before: BOTH,
    after: BOTH,
    told: ['@carol: No Bugzilla bug with ID 123 exists in the tracker at https://bugs.example.test.\nOnce a valid bug'],
  },
  {
    of: 'a Bugzilla that refuses',
    refuses: { bug: 'code 102: You are not authorized' },
    told: [
      /An error was encountered searching for bug 123 on the Bugzilla server.*No known errors[\s\S]*code 102: You/,
    ],
  },
  {
    of: 'a refusal that is explained',
    refuses: { bug: 'There was an error reported for a GitHub REST call: 403' },
    told: [/We were able to detect the following conditions from the error:\n\n- The Bugzilla server failed to load/],
  },
  {
    of: 'a valid bug',
    bugs: [bug({ severity: 'urgent' })],
    before: ['bugzilla/invalid-bug', 'bugzilla/severity-low'],
    after: ['bugzilla/severity-urgent', 'bugzilla/valid-bug'],
    told: [VALID + NO_CHECKS],
  },
  {
    of: 'an invalid bug',
    bugs: [bug({ severity: 'odd' })],
    options: { is_open: true },
    before: ['bugzilla/valid-bug'],
    after: ['bugzilla/invalid-bug'],
    told: [
      `which is invalid:\n - expected the bug to be open, but it isn't\n\nComment <code>/bugzilla refresh</code> to re-evaluate`,
    ],
  },
  {
    of: 'an invalid bug that somebody vouches for',
    bugs: [bug()],
    options: { is_open: true },
    before: BOTH,
    after: ['bugzilla/valid-bug'],
    world: { labelHistory: [{ label: 'bugzilla/valid-bug', action: 'labeled', actor: 'root', at: '' }] },
    told: ['\n\nRetaining the bugzilla/valid-bug label as it was manually added.'],
  },
  { of: 'no bug in the title', title: 'fix', before: [...BOTH, 'bugzilla/severity-low'], told: ['No Bugzilla bug is'] },
  {
    of: 'a move',
    bugs: [bug({ status: 'NEW' })],
    options: { state_after_validation: { status: 'UPDATED', resolution: 'X' } },
    told: [`${VALID} The bug has been moved to the UPDATED (X) state.`],
    writes: [['update', 123, { status: 'UPDATED', resolution: 'X' }]],
  },
  {
    of: 'a move that is done already',
    bugs: [bug({ status: 'UPDATED' })],
    options: { status_after_validation: 'UPDATED' },
    told: [VALID + NO_CHECKS],
  },
  {
    of: 'a move that is refused',
    bugs: [bug()],
    options: { status_after_validation: 'UPDATED' },
    refuses: { update: 'no' },
    told: ['An error was encountered updating to the UPDATED state for bug 123'],
    after: [],
  },
  {
    of: 'a link',
    bugs: [bug()],
    options: { add_external_link: true },
    told: [`${VALID} The bug has been updated to refer to the pull request using the external bug tracker.`],
    writes: [['addPull', 123, closed(5)]],
  },
  {
    of: 'a link that is there',
    bugs: [bug()],
    links: [closed(5)],
    options: { add_external_link: true },
    told: [VALID + NO_CHECKS],
    writes: [['addPull', 123, closed(5)]],
  },
  {
    of: 'a dependent bug that cannot be had',
    bugs: [bug({ depends_on: [124] })],
    options: { dependent_bug_states: [{ status: 'VERIFIED' }] },
    refuses: { 'bug 124': 'no' },
    told: ['An error was encountered searching for dependent bug 124 for bug 123'],
    after: [],
  },
  {
    of: 'a group that is not for here',
    bugs: [bug({ groups: ['security', 'ok'] })],
    options: { allowed_groups: ['ok', 'fine'] },
    told: [
      `${LINK} is in a bug group that is not in the allowed groups for this repo.\nAllowed groups for this repo are:\n- fine\n- ok`,
    ],
    after: [],
  },
  { of: 'a group that is', bugs: [bug({ groups: ['ok'] })], options: { allowed_groups: ['ok'] }, told: [VALID] },
])('$of, on /bugzilla refresh', async ({ before, after, told, writes = [], ...stage }) => {
  const outcome = await comment(REFRESH, { ...stage, world: { labels: before ?? [], ...stage.world } });
  const labels = after ?? (stage.bugs ? ['bugzilla/valid-bug'] : []);
  expect(outcome.labels.toSorted()).toEqual(labels.toSorted());
  expect(outcome.told).toHaveLength(1);
  for (const part of told)
    if (typeof part === 'string') expect(outcome.told[0]).toContain(part);
    else expect(outcome.told[0]).toMatch(part);
  expect(outcome.writes).toEqual(writes);
});

test.each([
  { action: 'opened', told: 1 },
  { action: 'reopened', told: 0 },
])('a restricted bug of a pull request that is $action', async ({ action, told }) => {
  const stage = { bugs: [bug({ groups: ['security'] })], options: { allowed_groups: ['ok'] } };
  expect((await pull(action, stage)).told).toHaveLength(told);
});

describe('the QA contact', () => {
  const contact = (email?: string) => [bug(email === undefined ? {} : { qa_contact_detail: { email } })];
  const whose = 'matching the public email listed for the QA contact in Bugzilla (qa@x), skipping review request.';

  test.each([
    { words: '/bugzilla cc-qa', qa: ['quinn'], says: '\n\nRequesting review from QA contact:\n/cc @quinn' },
    { words: REFRESH, qa: ['quinn'], says: '\n\nRequesting review from QA contact:\n/cc @quinn' },
    { words: '/bugzilla assign-qa', qa: ['quinn'], says: '**DEPRECATION NOTICE**: The command `assign-qa` has been' },
    { words: REFRESH, qa: [], says: `\n\nNo GitHub users were found ${whose}` },
    { words: REFRESH, qa: ['a', 'b'], says: `${whose} List of users with matching email:\n\t- a\n\t- b` },
    { words: '/bugzilla cc-qa', email: '', says: `QA contact for ${LINK} does not have a listed email, skipping` },
    { words: '/bugzilla cc-qa', email: undefined, says: `${LINK} does not have a QA contact, skipping assignment` },
  ])('$words, $qa', async ({ words, qa = [], says, ...given }) => {
    const email = 'email' in given ? given.email : 'qa@x';
    expect((await comment(words, { bugs: contact(email), qa })).told[0]).toContain(says);
  });
});

describe('a merge', () => {
  const merged = { state: 'closed', merged: true } as const;
  const after = { ...SOME, state_after_merge: { status: 'CLOSED', resolution: 'MERGED' } };
  const link = (number: number, org = 'acme') =>
    `[${org}/widgets#${number}](https://github.com/${org}/widgets/pull/${number})`;
  const linked = (...pulls: object[]) => pulls.map((other) => ({ ...merged, ...other }));
  const has = `${LINK} has been moved to the CLOSED (MERGED) state.`;
  const all = (...links: string[]) =>
    `@bob: All pull requests linked via external trackers have merged:\n${links.map((one) => ` * ${one}`).join('\n')}\n\n`;

  test.each<Stage & { of: string; told: string[]; moves: boolean }>([
    { of: 'one', links: [closed(5)], told: [all(link(5)) + has], moves: true },
    {
      of: 'many',
      links: [closed(5), closed(6), closed(7)],
      others: linked({ number: 6 }, { number: 7 }),
      told: [all(link(5), link(6), link(7)) + has],
      moves: true,
    },
    {
      of: 'some',
      links: [closed(5), closed(6), closed(7)],
      others: [{ number: 6 }],
      told: [
        `@bob: Some pull requests linked via external trackers have merged:\n * ${link(5)}\n\nThe following pull requests linked via external trackers have not merged:\n * ${link(6)} is open\n\nThese pull request must merge or be unlinked from the Bugzilla bug in order for it to move to the next state. Once unlinked, request a bug refresh with <code>/bugzilla refresh</code>.\n\n${LINK} has not been moved to the CLOSED (MERGED) state.`,
      ],
      moves: false,
    },
    { of: "somebody else's", links: [closed(5), closed(9, 'unknown')], told: [all(link(5)) + has], moves: true },
    { of: 'none wanted', links: [closed(5)], options: SOME, told: [], moves: false },
    { of: 'no bug', title: 'fix', told: [], moves: false },
    {
      of: 'a bug that was moved by hand',
      bugs: [bug({ status: 'ODD', resolution: 'X' })],
      links: [closed(5)],
      told: [`@bob: ${LINK} is in an unrecognized state (ODD (X)) and will not be moved to the CLOSED (MERGED) state.`],
      moves: false,
    },
  ])('$of', async ({ told, moves, ...stage }) => {
    const given = { bugs: [bug({ status: 'POST' })], options: after, ...stage, world: merged };
    const outcome = await pull('closed', given);
    expect(outcome.told).toEqual(told);
    expect(outcome.writes).toEqual(moves ? [['update', 123, { status: 'CLOSED', resolution: 'MERGED' }]] : []);
  });

  test('a move that is refused', async () => {
    const given = { bugs: [bug({ status: 'POST' })], links: [closed(5)], options: after, refuses: { update: 'no' } };
    const { told } = await pull('closed', { ...given, world: merged });
    expect(told[0]).toContain('An error was encountered updating to the CLOSED (MERGED) state for bug 123');
  });
});

describe('a close', () => {
  const gone = `@bob: This pull request references ${LINK}. The bug has been updated to no longer refer to the pull request using the external bug tracker.`;
  const back = { add_external_link: true, state_after_close: { status: 'NEW' } };
  const removed = ['removePull', 123, closed(5)];
  const why = 'Bug status changed to NEW as previous linked PR https://github.com/acme/widgets/pull/5 has been closed';
  const moved = ' All external bug links have been closed. The bug has been moved to the NEW state.';

  test.each<Stage & { of: string; told: string[]; writes: unknown[] }>([
    { of: 'without the option', links: [closed(5)], options: {}, told: [], writes: [] },
    { of: 'with a link', links: [closed(5)], options: { add_external_link: true }, told: [gone], writes: [removed] },
    { of: 'without a link', options: { add_external_link: true }, told: [], writes: [removed] },
    {
      of: 'of the last one',
      links: [closed(5)],
      options: back,
      told: [gone + moved],
      writes: [removed, ['update', 123, { status: 'NEW' }], ['comment', 123, why]],
    },
    { of: 'of one of two', links: [closed(5), closed(6)], options: back, told: [gone], writes: [removed] },
    {
      of: 'whose bug is closed',
      bugs: [bug({ status: 'CLOSED' })],
      links: [closed(5)],
      options: back,
      told: [gone],
      writes: [removed],
    },
    {
      of: 'that Bugzilla takes no comment on',
      links: [closed(5)],
      options: back,
      refuses: { comment: 'no' },
      told: [`${gone}${moved}\nWarning: Failed to comment on Bugzilla bug with reason for changed state.`],
      writes: [removed, ['update', 123, { status: 'NEW' }]],
    },
    { of: 'without a bug', title: 'fix', options: back, told: [], writes: [] },
  ])('$of', async ({ told, writes, ...stage }) => {
    const given = { bugs: [bug({ status: 'POST' })], ...stage, world: { state: 'closed' as const } };
    const outcome = await pull('closed', given);
    expect(outcome.told).toEqual(told);
    expect(outcome.writes).toEqual(writes);
  });
});

describe('a cherry-pick', () => {
  const picked = { body: 'This is an automated cherry-pick of #1\n\n/assign bob', baseRef: 'release-1' };
  const options = { enable_backporting: true, target_release: 'v2' };
  const parent = [{ number: 1, title: 'Bug 123: fixed it!' }];
  const clone = '[Bugzilla bug 124](https://bugs.example.test/show_bug.cgi?id=124)';
  const opened = (given: Stage) =>
    pull('opened', { title: '[release-1] Bug 123: fixed it!', others: parent, options, ...given, world: picked });

  test('clones the bug for its release', async () => {
    const given = bug({ product: 'p', severity: 'low', whiteboard: 'w', blocks: [7], alias: [], qa_contact: '' });
    const { told, writes } = await opened({
      bugs: [given, bug({ id: 7, summary: 'other' })],
      subComponents: { a: ['b'] },
    });
    expect(told).toEqual([
      `@bob: ${LINK} has been cloned as ${clone}. Retitling PR to link against new bug.\n/retitle [release-1] Bug 124: fixed it!`,
    ]);
    const description =
      '+++ This bug was initially created as a clone of Bug #123 +++\n\nfirst\n\n--- Additional comment from ben on 2026-01-02 03:04:05 UTC ---\n\nsecond';
    const created = { product: 'p', severity: 'low', summary: 'It breaks', description };
    expect(writes).toEqual([
      ['create', { ...created, comment_is_private: true, sub_components: { a: ['b'] } }],
      ['update', 124, { depends_on: { add: [123] }, whiteboard: 'w', blocks: { add: [7] } }],
      ['update', 124, { target_release: ['v2'] }],
    ]);
  });

  const twin = (release: string) => bug({ id: 124, target_release: [release] });
  test.each<Stage & { of: string; told: string | undefined; creates?: boolean }>([
    {
      of: 'a clone is there',
      bugs: [bug({ blocks: [124] }), twin('v2')],
      told: `Detected clone of ${LINK} with correct target release. Retitling PR to link to clone:\n/retitle [release-1] Bug 124: fixed it!`,
    },
    {
      of: "another release's clone is there",
      bugs: [bug({ blocks: [124] }), twin('v1')],
      told: 'has been cloned',
      creates: true,
    },
    {
      of: 'no release',
      options: { enable_backporting: true },
      bugs: [bug()],
      told: 'target_release is not set for this',
    },
    { of: 'not wanted', options: {}, bugs: [bug()], told: undefined },
    { of: 'a parent without a bug', others: [{ number: 1, title: 'x' }], bugs: [bug()], told: undefined },
    {
      of: 'no parent',
      others: [],
      bugs: [bug()],
      told: 'failed to check the state of cherrypicked pull request at https',
    },
    {
      of: 'cloning is refused',
      bugs: [bug()],
      refuses: { create: 'no' },
      told: 'encountered cloning bug for cherrypick',
    },
    {
      of: 'the release is refused',
      bugs: [bug()],
      refuses: { update: 'no' },
      told: 'encountered cloning bug for cherrypick for bug 123',
      creates: true,
    },
  ])('$of', async ({ told, creates = false, ...stage }) => {
    const outcome = await opened(stage);
    if (told === undefined) expect(outcome.told).toEqual([]);
    else expect(outcome.told[0]).toContain(told);
    expect(outcome.writes.some(([call]) => call === 'create')).toBe(creates);
  });

  test('the parent bug is gone', async () => {
    const { told } = await pull('opened', { title: 'x', others: parent, options, world: picked });
    expect(told[0]).toContain('Failed to create a cherry-pick bug in Bugzilla: No Bugzilla bug with ID 123 exists');
  });

  test('later it is a pull request like others', async () => {
    const { told } = await pull('edited', { bugs: [bug()], options, world: picked });
    expect(told[0]).toContain('expected the bug to target the "v2" release, but no target release was set');
  });
});
