import { expect, test } from 'vitest';
import { createWorld, happen } from '../../core/plugin/testing/index.ts';
import { cherryPickApproved } from './index.ts';

const HEAD = createWorld().headSha;
const YES = 'cherry-pick-approved';
const NO = 'do-not-merge/cherry-pick-not-approved';
const READY = ['lgtm', 'approved', NO];

interface Row {
  name: string;
  rules?: object[];
  base?: string;
  by?: string;
  state?: string;
  action?: string;
  labels?: string[];
  status?: 'success' | 'failure' | 'error' | 'pending';
  after: string[];
}

test.each<Row>([
  { name: 'ready', after: ['lgtm', 'approved', YES] },
  { name: 'as GitHub lists reviews', state: 'APPROVED', after: ['lgtm', 'approved', YES] },
  { name: 'a login in other letters', by: 'Approver', after: ['lgtm', 'approved', YES] },
  { name: 'approved already', labels: ['lgtm', 'approved', YES], after: ['lgtm', 'approved', YES] },
  { name: 'running tests do not hinder', status: 'pending', after: ['lgtm', 'approved', YES] },
  { name: 'a failed test', status: 'failure', after: READY },
  { name: 'a broken test', status: 'error', after: READY },
  { name: 'somebody else', by: 'other', after: READY },
  { name: 'another branch', base: 'main', after: READY },
  { name: 'a comment only', state: 'commented', after: READY },
  { name: 'an edited review', action: 'edited', after: READY },
  { name: 'a dismissed review', action: 'dismissed', after: READY },
  { name: 'no rule', rules: [], after: READY },
  { name: 'a rule for another repository', rules: [{ repo: 'other' }], after: READY },
  { name: 'a rule without approvers', rules: [{ approvers: [] }], after: READY },
  { name: 'the last rule holds', rules: [{}, { approvers: ['zoe'] }], after: READY },
  { name: 'branches of its own', rules: [{ branchregexp: '^v1$' }], base: 'v1', after: ['lgtm', 'approved', YES] },
  { name: 'lgtm is missing', labels: ['approved', NO], after: ['approved', NO] },
  { name: 'approved is missing', labels: ['lgtm', NO], after: ['lgtm', NO] },
  {
    name: 'lgtm may be missing',
    rules: [{ allow_missing_lgtm_label: true }],
    labels: ['approved', NO],
    after: ['approved', YES],
  },
  {
    name: 'approved may be missing',
    rules: [{ allow_missing_approved_label: true }],
    labels: ['lgtm', NO],
    after: ['lgtm', YES],
  },
  { name: 'held', labels: [...READY, 'do-not-merge/hold'], after: [...READY, 'do-not-merge/hold'] },
  { name: 'no CLA', labels: [...READY, 'cncf-cla: no'], after: [...READY, 'cncf-cla: no'] },
])('$name', async (row) => {
  const { rules = [{}], base = 'release-1.10', by = 'approver', labels = READY, status = 'success' } = row;
  const one = { org: 'acme', repo: 'widgets', approvers: ['approver'] };
  const world = await happen(cherryPickApproved, 'pull_request_review', row.action ?? 'submitted', {
    world: {
      labels,
      statuses: { [HEAD]: [{ context: 'unit', state: status, description: '', url: '', updatedAt: '' }] },
    },
    settings: { cherry_pick_approved: rules.map((rule) => ({ ...one, ...rule })) },
    payload: {
      review: { state: row.state ?? 'approved', user: { login: by } },
      pull_request: { base: { ref: base }, head: { sha: HEAD } },
    },
  });
  expect(world.labels).toEqual(row.after);
});
