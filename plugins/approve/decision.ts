import type { Approval, Approvals } from './approvals.ts';
import { type Areas, areasByPerson, unapprovedAreas } from './areas.ts';
import { suggestApprovers } from './suggest.ts';

export interface Facts {
  number: number;
  /** How many files the change has: without any it is never approved. */
  changedFiles: number;
  areas: Areas;
  approvals: Approvals;
  assignees: readonly string[];
  issueRequired: boolean;
  /** 0: none. */
  issue: number;
}

/** What follows from who approves, but for a label that somebody set by hand. */
export interface Decision {
  /** Whether everything that was changed has its approval. */
  filesApproved: boolean;
  /** The same, and there is an issue where one is required. */
  requirementsMet: boolean;
  /** Sorted by login. */
  approvals: Approval[];
  /** Those who waive the issue, and may. */
  noIssue: Approval[];
  areas: { name: string; approved: boolean; approvers: string[] }[];
  /** Whom to ask. */
  suggested: string[];
  assigned: string[];
  unassigned: string[];
}

/** Prow: pkg/plugins/approve/approvers/owners.go, Approvers. */
export function decide(facts: Facts): Decision {
  const { areas } = facts;
  const current = new Set(facts.approvals.keys());
  const assignees = new Set(facts.assignees.map((login) => login.toLowerCase()));
  const open = unapprovedAreas(areas, current);
  const filesApproved = facts.changedFiles > 0 && open.size === 0;
  const approvals = [...current].sort().flatMap((login) => facts.approvals.get(login) ?? []);
  const mayApprove = areasByPerson(areas.approvers);
  const noIssue = approvals.filter(({ login, noIssue }) => noIssue && mayApprove.has(login.toLowerCase()));
  const suggested = suggestApprovers(areas, current, assignees, facts.number);
  return {
    filesApproved,
    requirementsMet: filesApproved && (!facts.issueRequired || facts.issue !== 0 || noIssue.length > 0),
    approvals,
    noIssue,
    areas: areas.names.map((name) => ({
      name,
      approved: !open.has(name),
      approvers: approvals
        .map(({ login }) => login)
        .filter((login) => areas.approvers.get(name)?.has(login.toLowerCase()))
        .sort(),
    })),
    suggested,
    assigned: suggested.filter((login) => assignees.has(login)),
    unassigned: suggested.filter((login) => !assignees.has(login)),
  };
}
