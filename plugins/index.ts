import type { Plugin } from '../core/plugin/index.ts';
import { approve } from './approve/index.ts';
import { assign } from './assign/index.ts';
import { blockade } from './blockade/index.ts';
import { blunderbuss } from './blunderbuss/index.ts';
import { branchcleaner } from './branchcleaner/index.ts';
import { bugzilla } from './bugzilla/index.ts';
import { cat } from './cat/index.ts';
import { cherryPickApproved } from './cherry-pick-approved/index.ts';
import { cherryPickUnapproved } from './cherry-pick-unapproved/index.ts';
import { cherrypicker } from './cherrypicker/index.ts';
import { cla } from './cla/index.ts';
import { configUpdater } from './config-updater/index.ts';
import { dco } from './dco/index.ts';
import { dog } from './dog/index.ts';
import { goose } from './goose/index.ts';
import { heart } from './heart/index.ts';
import { helpPlugin } from './help/index.ts';
import { hold } from './hold/index.ts';
import { invalidcommitmsg } from './invalidcommitmsg/index.ts';
import { issueManagement } from './issue-management/index.ts';
import { jira } from './jira/index.ts';
import { label } from './label/index.ts';
import { lgtm } from './lgtm/index.ts';
import { lifecycle } from './lifecycle/index.ts';
import { mergeMethodComment } from './merge-method-comment/index.ts';
import { mergecommitblocker } from './mergecommitblocker/index.ts';
import { milestone } from './milestone/index.ts';
import { milestoneapplier } from './milestoneapplier/index.ts';
import { milestonestatus } from './milestonestatus/index.ts';
import { needsRebase } from './needs-rebase/index.ts';
import { override } from './override/index.ts';
import { ownersLabel } from './owners-label/index.ts';
import { pony } from './pony/index.ts';
import { project } from './project/index.ts';
import { projectManager } from './project-manager/index.ts';
import { releaseNote } from './release-note/index.ts';
import { requireMatchingLabel } from './require-matching-label/index.ts';
import { retitle } from './retitle/index.ts';
import { rewardOwners } from './reward-owners/index.ts';
import { rifle } from './rifle/index.ts';
import { shrug } from './shrug/index.ts';
import { sigmention } from './sigmention/index.ts';
import { size } from './size/index.ts';
import { skip } from './skip/index.ts';
import { slackevents } from './slackevents/index.ts';
import { stage } from './stage/index.ts';
import { testfreeze } from './testfreeze/index.ts';
import { trickOrTreat } from './trick-or-treat/index.ts';
import { trigger } from './trigger/index.ts';
import { verifyOwners } from './verify-owners/index.ts';
import { welcome } from './welcome/index.ts';
import { wip } from './wip/index.ts';
import { yuks } from './yuks/index.ts';

/** Every internal plugin, one line each. */
export const plugins: readonly Plugin[] = [
  approve,
  assign,
  blockade,
  blunderbuss,
  branchcleaner,
  bugzilla,
  cat,
  cherryPickApproved,
  cherryPickUnapproved,
  cherrypicker,
  cla,
  configUpdater,
  dco,
  dog,
  goose,
  heart,
  helpPlugin,
  hold,
  invalidcommitmsg,
  issueManagement,
  jira,
  label,
  lgtm,
  lifecycle,
  mergeMethodComment,
  mergecommitblocker,
  milestone,
  milestoneapplier,
  milestonestatus,
  needsRebase,
  override,
  ownersLabel,
  pony,
  project,
  projectManager,
  releaseNote,
  requireMatchingLabel,
  retitle,
  rewardOwners,
  rifle,
  shrug,
  sigmention,
  size,
  skip,
  slackevents,
  stage,
  testfreeze,
  trickOrTreat,
  trigger,
  verifyOwners,
  welcome,
  wip,
  yuks,
];
