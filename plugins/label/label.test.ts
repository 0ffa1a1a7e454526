import { describe, expect, test } from 'vitest';
import { botComments, happen, say } from '../../core/plugin/testing/index.ts';
import { restrictedFor } from './config.ts';
import { label } from './index.ts';

const CATALOG = [
  'area/api',
  'area/infra',
  'committee/steering',
  'kind/bug',
  'priority/critical',
  'sig/testing',
  'sig/apps',
  'triage/accepted',
  'triage/needs-information',
  'wg/policy',
  'special',
  'guarded',
  'LANGUAGE/zh',
];

interface Row {
  say: string;
  before?: string[];
  after: string[];
  answer?: string;
  user?: string;
  catalog?: string[];
}

const NOT_IN_REPO = "cannot be applied, because the repository doesn't have them.";
const NOT_SET = 'Those labels are not set on the issue: ';

async function play({ say: words, before = [], user = 'stranger', catalog = CATALOG }: Row, settings: object = {}) {
  const world = { isPull: false, labels: before, repoLabels: catalog, teams: { 'acme/keepers': ['rose'] } };
  return say(label, user, words, { world, settings: { label: settings } });
}

function check({ after, answer }: Row, world: Awaited<ReturnType<typeof play>>) {
  expect(world.labels).toEqual(after);
  expect(botComments(world).map((body) => body.includes(answer ?? ''))).toEqual(answer ? [true] : []);
}

describe('labels by their kind', () => {
  test.each<Row>([
    { say: 'irrelevant', after: [] },
    { say: '/area', after: [] },
    { say: '/area infra', after: ['area/infra'] },
    { say: '/area Infra', after: ['area/infra'] },
    { say: '/Area infra', after: [] },
    { say: ' /area infra', after: [] },
    { say: '/area infra', before: ['area/infra'], after: ['area/infra'] },
    { say: '/area infra  api \r\n', after: ['area/infra', 'area/api'] },
    { say: '/kind bug\n/sig testing', after: ['kind/bug', 'sig/testing'] },
    { say: '/language ZH', after: ['language/zh'] },
    { say: '/wg policy', after: ['wg/policy'] },
    { say: '/area lgtm', after: [], answer: NOT_IN_REPO },
    { say: '/area infra nowhere', after: ['area/infra'], answer: '`area/nowhere`' },
    { say: '/remove-area infra', before: ['area/infra'], after: [] },
    { say: '/remove-area infra', after: [], answer: `${NOT_SET}\`area/infra\`` },
    { say: '/remove-sig testing', before: ['sig/testing', 'sig/apps'], after: ['sig/apps'] },
    { say: '/sig apps\n/remove-sig testing', before: ['sig/testing'], after: ['sig/apps'] },
    { say: '/kind bug\n/remove-kind bug', after: ['kind/bug'], answer: NOT_SET },
    { say: '/remove-area infra\n/area infra', before: ['area/infra'], after: [] },
    { say: '/remove-kind bug\n/remove-area  infra api', before: ['area/api', 'area/infra', 'kind/bug'], after: [] },
    { say: '<!--\n/area infra\n-->', after: [] },
    { say: '```\n/area infra\n```', after: [] },
  ])('$say', async (row) => check(row, await play(row)));
});

test('a label that is asked for again and again is written once', async () => {
  const words = `/area ${'infra api nowhere '.repeat(500)}\n/remove-area ${'x '.repeat(500)}`;
  const world = await say(label, 'stranger', words, { world: { repoLabels: CATALOG } });
  expect(world.calls.filter((call) => call.startsWith('labels.add'))).toEqual(['labels.add(area/infra, area/api)']);
  expect(botComments(world)[0]).toContain('The label(s) `area/nowhere` cannot');
});

describe('triage/accepted is for members', () => {
  test.each<Row>([
    { say: '/triage accepted', user: 'alice', after: ['triage/accepted'] },
    { say: '/triage accepted', user: 'bob', after: [], answer: 'Only GitHub organization members can add the label.' },
    { say: '/triage needs-information', user: 'bob', after: ['triage/needs-information'] },
  ])('$user: $say', async (row) => check(row, await play(row)));
});

describe('needs-*', () => {
  const catalog = [...CATALOG, 'needs-sig', 'needs-kind'];
  test.each<Row>([
    { say: '/remove-kind bug', before: ['kind/bug'], after: ['needs-kind'] },
    { say: '/remove-sig testing', before: ['sig/testing', 'sig/apps'], after: ['sig/apps'] },
    { say: '/remove-sig testing apps', before: ['sig/testing', 'sig/apps'], after: ['needs-sig'] },
    { say: '/remove-sig testing\n/sig apps', before: ['sig/testing'], after: ['sig/apps'] },
    { say: '/remove-area infra', before: ['area/infra'], after: [] },
  ])('$say with $before', async (row) => check(row, await play({ ...row, catalog })));
});

describe('/label', () => {
  const settings = { additional_labels: ['Special'] };
  test.each<Row>([
    { say: '/label special', after: ['special'] },
    { say: '/label SPECIAL \r', after: ['special'] },
    { say: '/label', after: [] },
    { say: '/label special other', after: [] },
    {
      say: '/label guarded',
      after: [],
      answer: 'The label(s) `/label guarded` cannot be applied. These labels are supported: `Special`.',
    },
    { say: '/label `@acme/all`', after: [], answer: "The label(s) `/label '@acme/all'` cannot be applied." },
    { say: '/remove-label special', before: ['special'], after: [] },
    { say: '/remove-label guarded', before: ['guarded'], after: ['guarded'], answer: 'cannot be applied' },
  ])('$say', async (row) => check(row, await play(row, settings)));
});

describe('restricted labels', () => {
  const guard = (entry: object, place = 'acme/widgets') => ({
    restricted_labels: { [place]: [{ label: 'guarded', ...entry }] },
  });
  test.each<Row & { settings: object }>([
    { say: '/label guarded', user: 'mia', settings: guard({ allowed_users: ['MIA'] }), after: ['guarded'] },
    { say: '/label guarded', user: 'rose', settings: guard({ allowed_teams: ['keepers'] }), after: ['guarded'] },
    { say: '/label guarded', user: 'rose', settings: guard({ allowed_teams: ['keepers'] }, '*'), after: ['guarded'] },
    {
      say: '/label guarded',
      settings: guard({ allowed_teams: ['keepers'] }),
      after: [],
      answer: 'Must be a member of one of these teams: keepers',
    },
    {
      say: '/label guarded',
      settings: guard({ allowed_users: ['mia'] }),
      after: [],
      answer: 'Consider assigning one of the following members: mia',
    },
    {
      say: '/remove-label guarded',
      before: ['guarded'],
      settings: guard({ allowed_users: ['mia'] }),
      after: ['guarded'],
      answer: 'applied or removed',
    },
    { say: '/label guarded', settings: guard({}, 'other/repo'), after: [], answer: 'These labels are supported' },
  ])('$user: $say ($settings)', async ({ settings, ...row }) => check(row, await play(row, settings)));

  test('those who may set it are assigned when another label asks for them', async () => {
    const settings = {
      label: {
        restricted_labels: {
          acme: [{ label: 'guarded', allowed_users: ['mia'], assign_on: [{ label: 'Wants-guard' }] }],
        },
      },
    };
    const world = await happen(label, 'pull_request', 'labeled', {
      settings,
      payload: { label: { name: 'wants-guard' } },
    });
    expect(world.assignees).toEqual(['mia']);
  });
});

test('no place is one that every object has', () => {
  expect(restrictedFor({ additional_labels: [], restricted_labels: {} }, 'constructor', 'x').size).toBe(0);
});

test('what may be set is joined from all places that name it', async () => {
  const settings = {
    restricted_labels: {
      '*': [{ label: 'guarded', allowed_users: ['mia'] }],
      acme: [{ label: 'Guarded', allowed_users: ['rob'] }],
    },
  };
  expect((await play({ say: '/label guarded', user: 'mia', after: [] }, settings)).labels).toEqual(['guarded']);
  expect((await play({ say: '/label guarded', user: 'rob', after: [] }, settings)).labels).toEqual(['guarded']);
});
