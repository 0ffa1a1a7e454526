import type { Bug } from '../../core/plugin/index.ts';
import type { BugOptions, BugState } from './options.ts';
import { allInWords, bugLink, inWords } from './words.ts';

export interface Validity {
  valid: boolean;
  /** What was looked at and found right. */
  passed: string[];
  /** What is wrong. */
  failed: string[];
}

export function isIn(bug: Pick<Bug, 'status' | 'resolution'>, states: readonly BugState[]): boolean {
  return states.some(
    ({ status, resolution }) =>
      (status === '' || status === bug.status) && (resolution === '' || resolution === bug.resolution),
  );
}

/** The state that a bug is to be moved to, as far as it is not there; undefined where nothing is to be done. */
export function moveTo(wanted: BugState | undefined, bug?: Bug): Partial<BugState> | undefined {
  if (!wanted) return undefined;
  const { status, resolution } = wanted;
  const change = {
    ...(status !== '' && status !== bug?.status && { status }),
    ...(resolution !== '' && resolution !== bug?.resolution && { resolution }),
  };
  return Object.keys(change).length > 0 ? change : undefined;
}

/** The states in which a bug counts as valid: those that are named, and the one that it is moved to. */
export function allowedStates({ valid_states: valid, state_after_validation: after }: BugOptions): BugState[] {
  return [...(valid ?? []), ...(after ? [after] : [])];
}

/** Holds a bug, and those that it depends on, against the options of a branch (Prow: validateBug). */
export function validate(bug: Bug, dependents: readonly Bug[], options: BugOptions, url: string): Validity {
  const findings = [
    ...openness(bug, options),
    ...release(bug, options),
    ...state(bug, options),
    ...dependents.flatMap((dependent) => dependentState(dependent, options, url)),
    ...dependents.flatMap((dependent) => dependentRelease(dependent, options, url)),
    ...(dependents.length > 0 ? [pass('bug has dependents')] : missingDependents(bug, options, url)),
  ];
  const passed = findings.flatMap((finding) => ('passed' in finding ? [finding.passed] : []));
  const failed = findings.flatMap((finding) => ('failed' in finding ? [finding.failed] : []));
  return { valid: failed.length === 0, passed, failed };
}

type Finding = { passed: string } | { failed: string };

const pass = (passed: string): Finding => ({ passed });
const fail = (failed: string): Finding => ({ failed });

function openness({ is_open: isOpen }: Bug, { is_open: wanted }: BugOptions): Finding[] {
  if (wanted === undefined) return [];
  const is = isOpen ? 'is' : "isn't";
  if (wanted !== isOpen) return [fail(`expected the bug to ${wanted ? '' : 'not '}be open, but it ${is}`)];
  return [pass(`bug ${is} open, matching expected state (${wanted ? 'open' : 'not open'})`)];
}

/** Bugzilla has a list of releases, of which its page shows the first. */
function release({ target_release: [actual] }: Bug, { target_release: wanted }: BugOptions): Finding[] {
  if (wanted === undefined) return [];
  const expected = `expected the bug to target the ${JSON.stringify(wanted)} release`;
  if (actual === undefined) return [fail(`${expected}, but no target release was set`)];
  if (actual !== wanted) return [fail(`${expected}, but it targets ${JSON.stringify(actual)} instead`)];
  return [pass(`bug target release (${actual}) matches configured target release for branch (${wanted})`)];
}

function state(bug: Bug, options: BugOptions): Finding[] {
  if (options.valid_states === undefined) return [];
  const allowed = allowedStates(options);
  const words = allInWords(allowed);
  if (!isIn(bug, allowed))
    return [fail(`expected the bug to be in one of the following states: ${words}, but it is ${inWords(bug)} instead`)];
  return [pass(`bug is in the state ${inWords(bug)}, which is one of the valid states (${words})`)];
}

function dependentState(bug: Bug, { dependent_bug_states: wanted }: BugOptions, url: string): Finding[] {
  if (wanted === undefined) return [];
  const link = bugLink(bug.id, url);
  const words = allInWords(wanted);
  if (!isIn(bug, wanted))
    return [
      fail(
        `expected dependent ${link} to be in one of the following states: ${words}, but it is ${inWords(bug)} instead`,
      ),
    ];
  return [pass(`dependent bug ${link} is in the state ${inWords(bug)}, which is one of the valid states (${words})`)];
}

function dependentRelease(bug: Bug, { dependent_bug_target_releases: wanted }: BugOptions, url: string): Finding[] {
  if (wanted === undefined) return [];
  const [actual] = bug.target_release;
  const link = bugLink(bug.id, url);
  const expected = `expected dependent ${link} to target a release in ${wanted.join(', ')}`;
  if (actual === undefined) return [fail(`${expected}, but no target release was set`)];
  const targets = JSON.stringify(actual);
  if (!wanted.includes(actual)) return [fail(`${expected}, but it targets ${targets} instead`)];
  return [
    pass(
      `dependent ${link} targets the ${targets} release, which is one of the valid target releases: ${wanted.join(', ')}`,
    ),
  ];
}

function missingDependents(bug: Bug, options: BugOptions, url: string): Finding[] {
  const { dependent_bug_states: states, dependent_bug_target_releases: releases } = options;
  if (!states && !releases) return [];
  const targeting = releases ? ` targeting a release in ${releases.join(', ')}` : '';
  const inState = states ? `${releases ? ' and' : ''} in one of the following states: ${allInWords(states)}` : '';
  return [
    fail(`expected ${bugLink(bug.id, url)} to depend on a bug${targeting}${inState}, but no dependents were found`),
  ];
}
