import type { Config } from '../../core/config/config.ts';
import type { GitHub } from '../../core/github/github.ts';
import type { Logger } from '../../core/log.ts';
import type { GitHubHosts } from '../components/github-hosts.ts';
import type { StartFlags } from '../start/flags.ts';
import type { Finding } from './finding.ts';

/** The program as it would start with these flags. */
export interface Patient {
  flags: StartFlags;
  dataDir: string;
  hosts: GitHubHosts;
  github: GitHub;
  /** Whether anything says who we are on GitHub. */
  identified: boolean;
  /** What webhooks have to be signed with; empty where nothing names it. */
  webhookSecrets: readonly string[];
  /** `undefined` where it cannot be used, which is a finding of its own. */
  config: Config | undefined;
  log: Logger;
}

/** Looks at one thing. What it throws is a failure of that thing. */
export interface Check {
  name: string;
  /** What to do where the check itself could not be made. */
  fix: string;
  /** Nothing can be found out before GitHub knows us. */
  needsIdentity?: boolean;
  look(patient: Patient): Promise<Finding[]>;
}
