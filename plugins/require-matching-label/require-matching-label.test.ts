import { describe, expect, test } from 'vitest';
import { botComments, comment, happen, say } from '../../core/plugin/testing/index.ts';
import { requireMatchingLabel } from './index.ts';

const SIG = {
  org: 'k8s',
  issues: true,
  regexp: '^(sig|wg|committee)/',
  missing_label: 'needs-sig',
  grace_period: '0s',
};
const KIND = { org: 'k8s', repo: 't-i', prs: true, regexp: '^kind/', missing_label: 'needs-kind', grace_period: '0s' };
const CAT = {
  ...{ org: 'k8s', repo: 't-i', branch: 'meow', issues: true, prs: true, grace_period: '0s' },
  ...{ regexp: '^(cat|floof|loaf)$', missing_label: 'needs-cat', missing_comment: 'Meow?' },
};
const settings = { require_matching_label: [SIG, KIND, CAT] };

interface Row {
  org?: string;
  repo: string;
  branch?: string;
  label?: string;
  before: string[];
  after: string[];
  comments?: boolean;
}

describe('labels that come and go', () => {
  test.each<Row>([
    { repo: 'k8s', branch: 'foo', before: ['lgtm'], after: ['lgtm'] },
    { org: 'fejtaverse', repo: 'repo', before: ['lgtm'], after: ['lgtm'] },
    { repo: 't-i', branch: 'master', label: 'unrelated', before: ['lgtm'], after: ['lgtm'] },
    { repo: 't-i', branch: 'master', before: ['lgtm'], after: ['lgtm', 'needs-kind'] },
    { repo: 't-i', branch: 'master', label: 'kind/best', before: ['needs-kind', 'kind/best'], after: ['kind/best'] },
    { repo: 't-i', label: 'kind/best', before: ['needs-kind', 'sig/cats'], after: ['needs-kind', 'sig/cats'] },
    { repo: 't-i', branch: 'master', label: 'kind/best', before: ['kind/best'], after: ['kind/best'] },
    { repo: 'k8s', label: 'sig/bash', before: ['kind/best'], after: ['kind/best', 'needs-sig'] },
    { repo: 'k8s', label: 'sig/bash', before: ['wg/foo'], after: ['wg/foo'] },
    { repo: 't-i', label: 'cat', before: ['wg/foo'], after: ['wg/foo', 'needs-cat'], comments: true },
    { repo: 't-i', branch: 'meow', before: ['kind/best'], after: ['kind/best', 'needs-cat'], comments: true },
    { repo: 't-i', branch: 'meow', before: ['needs-cat', 'cat', 'floof'], after: ['cat', 'floof', 'needs-kind'] },
    { repo: 't-i', before: ['needs-sig', 'wg/foo'], after: ['wg/foo', 'needs-cat'], comments: true },
  ])('$org/$repo on $branch: $label with $before becomes $after', async (row) => {
    const { org = 'k8s', repo, branch, label, before, after, comments = false } = row;
    const world = await happen(
      requireMatchingLabel,
      branch ? 'pull_request' : 'issues',
      label ? 'unlabeled' : 'opened',
      {
        world: { org, repo, labels: before, isPull: branch !== undefined, ...(branch && { baseRef: branch }) },
        settings,
        payload: label ? { label: { name: label } } : {},
      },
    );
    expect(world.labels).toEqual(after);
    expect(botComments(world)).toEqual(comments ? [expect.stringContaining('Meow?\n\n<details>')] : []);
  });
});

test('the comment goes with the label', async () => {
  const world = await happen(requireMatchingLabel, 'pull_request', 'labeled', {
    world: {
      ...{ org: 'k8s', repo: 't-i', baseRef: 'meow', labels: ['needs-cat', 'cat'] },
      comments: [comment('ci-robot', 'Meow?\n\nmore'), comment('bob', 'Meow?'), comment('ci-robot', 'other')],
    },
    settings,
    payload: { label: { name: 'cat' } },
  });
  expect(world.comments.map(({ body }) => body)).toEqual(['Meow?', 'other']);
});

test.each([
  { say: '/check-required-labels', state: 'open', after: ['needs-kind'] },
  { say: '/Check-Required-Labels \r', state: 'open', after: ['needs-kind'] },
  { say: '/check-required-labels', state: 'closed', after: [] },
  { say: '/check-required-labels now', state: 'open', after: [] },
] as const)('$say on what is $state', async ({ say: words, state, after }) => {
  const world = await say(requireMatchingLabel, 'stranger', words, {
    world: { org: 'k8s', repo: 't-i', state },
    settings,
  });
  expect(world.labels).toEqual(after);
});

test.each([
  [{ org: '' }, "must specify 'org'"],
  [{ repo: 'k8s/t-i' }, "'repo' may not contain '/'"],
  [{ regexp: '' }, "must specify 'regexp'"],
  [{ regexp: '(' }, 'missing'],
  [{ missing_label: '' }, "must specify 'missing_label'"],
  [{ missing_label: 'kind/none' }, "'regexp' must not match 'missing_label'"],
  [{ prs: false }, "must specify 'prs: true'"],
  [{ prs: false, issues: true, branch: 'x' }, 'branch cannot be specified'],
  [{ grace_period: 'soon' }, 'invalid duration'],
])('%j is refused', async (wrong, words) => {
  const refused = { require_matching_label: [{ ...KIND, ...wrong }] };
  await expect(happen(requireMatchingLabel, 'issues', 'opened', { settings: refused })).rejects.toThrow(words);
});
