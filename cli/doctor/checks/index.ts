import type { Check } from '../patient.ts';
import { clock } from './clock.ts';
import { cluster } from './cluster.ts';
import { configuration, repositories } from './configuration.ts';
import { database } from './database.ts';
import { identity } from './identity.ts';
import { containers, git, secretFiles } from './machine.ts';
import { permissions } from './permissions.ts';
import { rate } from './rate.ts';
import { slack } from './slack.ts';
import { storage } from './storage.ts';
import { webhook } from './webhook.ts';

/** What is looked at, in the order in which it is shown: what others rest on first. */
export const checks: readonly Check[] = [
  configuration,
  clock,
  identity,
  permissions,
  webhook,
  rate,
  repositories,
  secretFiles,
  git,
  containers,
  cluster,
  storage,
  database,
  slack,
];
