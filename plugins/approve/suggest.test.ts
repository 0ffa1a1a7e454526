import { describe, expect, test } from 'vitest';
import { ownersContent, ownersOf } from '../../core/plugin/index.ts';
import { areasOf, unapprovedAreas } from './areas.ts';
import { suggestApprovers } from './suggest.ts';

function ownersFrom(files: Record<string, string>) {
  const filenames = { owners: 'OWNERS', aliases: 'OWNERS_ALIASES' };
  const texts = Object.entries(files).map(([path, text]) => ({ path, text, kind: 'owners' as const }));
  return ownersOf(ownersContent('a'.repeat(40), filenames, texts));
}

const OWNERS = ownersFrom({
  OWNERS: 'approvers: [Alice, Bob]',
  'a/OWNERS': 'approvers: [Art, Anne]',
  'b/OWNERS': 'approvers: [Bill, Ben, Barbara]',
  'c/OWNERS': 'approvers: [Chris, Carol]',
  'a/d/OWNERS': 'approvers: [David, Dan, Debbie]',
  'a/combo/OWNERS': 'approvers: [Eve, Erin, David, Dan, Debbie, Chris, Carol]',
});

const ABC = ['a/test.go', 'b/test.go', 'c/test'];
const COMBO = ['a/combo/test.go', 'a/d/test.go'];

test.each([
  { files: [], seed: 0, expected: [] },
  { files: ['kubernetes.go'], approved: ['alice'], seed: 13, expected: [] },
  { files: ['kubernetes.go'], seed: 13, expected: ['alice'] },
  { files: ['kubernetes.go'], seed: 10, expected: ['bob'] },
  { files: COMBO, seed: 0, expected: ['dan'] },
  { files: COMBO, approved: ['eve', 'erin'], seed: 0, expected: ['dan'] },
  { files: COMBO, approved: ['david', 'dan', 'debbie'], seed: 0, expected: [] },
  { files: [...COMBO, 'c/test'], seed: 0, expected: ['chris', 'debbie'] },
  { files: ABC, seed: 0, expected: ['anne', 'bill', 'carol'] },
  { files: ABC, approved: ['art', 'ben'], seed: 0, expected: ['carol'] },
  { files: ABC, assignees: ['art', 'ben'], seed: 0, expected: ['art', 'ben', 'carol'] },
  { files: ABC, assignees: ['art', 'ben', 'john', 'jack'], seed: 0, expected: ['art', 'ben', 'carol'] },
  { files: ['a/test.go'], assignees: ['alice'], seed: 0, expected: ['alice'] },
])('$files, approved by $approved, assigned to $assignees: $expected', (row) => {
  const { files, approved = [], assignees = [], seed, expected } = row;
  expect(suggestApprovers(areasOf(files, OWNERS), new Set(approved), new Set(assignees), seed)).toEqual(expected);
});

describe('areas', () => {
  const FILTERED = ownersFrom({
    OWNERS: 'approvers: [root]\noptions:\n  auto_approve_unowned_subfolders: true',
    'closed/OWNERS': 'approvers: [carl]\noptions:\n  no_parent_owners: true',
    'docs/OWNERS': 'filters:\n  ".*":\n    approvers: [dan]\n  "\\\\.go$":\n    approvers: [gopher]',
    'docs/deep/OWNERS': 'approvers: [dee]',
  });

  test.each([
    { files: ['main.go'], areas: [''], by: ['root'], open: [] },
    { files: ['any/where/x.go'], areas: [], by: [], open: [] },
    { files: ['closed/x.go', 'main.go'], areas: ['', 'closed'], by: ['root'], open: ['closed'] },
    { files: ['docs/x.go', 'docs/x.md'], areas: ['docs'], by: ['gopher'], open: ['docs'] },
    { files: ['docs/x.go', 'docs/x.md'], areas: ['docs'], by: ['dan'], open: [] },
    { files: ['docs/x.go', 'docs/deep/x'], areas: ['docs'], by: ['gopher'], open: [] },
    { files: ['docs/deep/x'], areas: ['docs/deep'], by: ['dee'], open: [] },
  ])('$files by $by', ({ files, areas, by, open }) => {
    const found = areasOf(files, FILTERED);
    expect(found.names).toEqual(areas);
    expect([...unapprovedAreas(found, new Set(by))]).toEqual(open);
  });
});
