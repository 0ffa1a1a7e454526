import type { NewLabel } from '../model/actions/labels.ts';

/** The labels that Prow's plugins use, with the colours that Kubernetes gives them. */
export const LABELS: readonly NewLabel[] = [
  ...['XS', 'S', 'M', 'L', 'XL', 'XXL'].map((size, index) => ({
    name: `size/${size}`,
    color: ['009900', '77bb00', 'eebb00', 'ee9900', 'ee5500', 'ee0000'][index] ?? 'ededed',
    description: `Denotes a PR of size ${size}, by the lines that it changes.`,
  })),
  { name: 'lgtm', color: '15dd18', description: '"Looks good to me", indicates that a PR is ready to be merged.' },
  {
    name: 'approved',
    color: '0ffa16',
    description: 'Indicates a PR has been approved by an approver from all required OWNERS files.',
  },
  {
    name: 'needs-ok-to-test',
    color: 'b60205',
    description: 'Indicates a PR that requires an org member to verify it is safe to test.',
  },
  {
    name: 'ok-to-test',
    color: '15dd18',
    description: 'Indicates a non-member PR verified by an org member that is safe to test.',
  },
  {
    name: 'do-not-merge/hold',
    color: 'e11d21',
    description: 'Indicates that a PR should not merge because someone has issued a /hold command.',
  },
  {
    name: 'do-not-merge/work-in-progress',
    color: 'e11d21',
    description: 'Indicates that a PR should not merge because it is a work in progress.',
  },
  {
    name: 'needs-rebase',
    color: 'e11d21',
    description: 'Indicates a PR cannot be merged because it has merge conflicts with HEAD.',
  },
  { name: 'kind/bug', color: 'e11d21', description: 'Categorizes issue or PR as related to a bug.' },
  { name: 'kind/feature', color: 'c7def8', description: 'Categorizes issue or PR as related to a new feature.' },
  {
    name: 'kind/cleanup',
    color: 'c7def8',
    description: 'Categorizes issue or PR as related to cleaning up code, process, or technical debt.',
  },
  {
    name: 'help wanted',
    color: '006b75',
    description: 'Denotes an issue that needs help from a contributor. Must meet "help wanted" guidelines.',
  },
  {
    name: 'good first issue',
    color: '7057ff',
    description: 'Denotes an issue ready for a new contributor, according to the "help wanted" guidelines.',
  },
  {
    name: 'lifecycle/stale',
    color: '795548',
    description: 'Denotes an issue or PR has remained open with no activity and has become stale.',
  },
  {
    name: 'lifecycle/frozen',
    color: 'd3e2f0',
    description: 'Indicates that an issue or PR should not be auto-closed due to staleness.',
  },
];
