import {
  boolFlag,
  choiceFlag,
  durationFlag,
  type FlagValues,
  intFlag,
  listFlag,
  stringFlag,
} from '../../core/flags.ts';
import { enablementFlags, instrumentationFlags, placeFlags } from '../components/flags.ts';
import { orgLimitsFlag } from '../components/org-limits-flag.ts';
import { reportFlags, slackFlags } from '../components/report-flags.ts';
import { trackerFlags } from '../components/trackers.ts';

/** Where the configuration is; the names are Prow's (Prow: pkg/flagutil/config, pkg/flagutil/plugins). */
export const configFlags = {
  'config-path': stringFlag("Prow's config.yaml, or one file that holds the plugins' part too", 'FILE'),
  'job-config-path': stringFlag('job configuration: a file, or a folder that is read to its depth', 'PATH'),
  'supplemental-prow-config-dir': listFlag('a folder with further parts of the configuration; may be repeated', 'DIR'),
  'supplemental-prow-configs-filename-suffix': stringFlag(
    'how the names of such files end (_prowconfig.yaml)',
    'SUFFIX',
  ),
  'supplemental-prow-configs-filename': stringFlag("the same, by Prow's former name", 'SUFFIX'),
  'plugin-config': stringFlag('plugins.yaml', 'FILE'),
  'supplemental-plugin-config-dir': listFlag('a folder with further parts of plugins.yaml; may be repeated', 'DIR'),
  'supplemental-plugin-configs-filename-suffix': stringFlag(
    'how the names of such files end (_pluginconfig.yaml)',
    'SUFFIX',
  ),
  strict: boolFlag('refuse a configuration with keys that nobody knows'),
};

/** How GitHub is reached, and as whom (Prow: pkg/flagutil/github.go). */
export const githubFlags = {
  'github-endpoint': listFlag(
    "GitHub's REST API; the next one is asked where one cannot be reached (https://api.github.com)",
    'URL',
  ),
  'github-graphql-endpoint': stringFlag("GitHub's GraphQL API (https://api.github.com/graphql)", 'URL'),
  'github-host': stringFlag("GitHub's own address, for links and git (github.com)", 'HOST'),
  'github-token-path': stringFlag('a file with the token of a bot account', 'FILE'),
  'github-app-id': stringFlag('the number of the GitHub App', 'ID'),
  'github-app-private-key-path': stringFlag("a file with the App's private key", 'FILE'),
  'github-hourly-tokens': intFlag('requests an hour, 0 for no limit of our own'),
  'github-allowed-burst': intFlag('requests that may be made at once while the hour is young'),
  'github-throttle-org': orgLimitsFlag,
  'github-client.request-timeout': durationFlag('how long an answer of GitHub may take', '30s'),
  'github-client.max-retries': intFlag('how often a request is sent again that failed (8)'),
  'github-client.max-404-retries': intFlag('how often what GitHub does not know yet is asked for again (2)'),
  'github-client.initial-delay': durationFlag(
    'the first pause before a request is sent again, doubled every time',
    '500ms',
  ),
  'github-client.backoff-timeout': durationFlag('the longest wait that GitHub may ask for', '2m'),
  'dry-run': boolFlag('change nothing on GitHub and start no job'),
};

/** Webhooks and the plugins behind them (Prow: cmd/hook). */
export const hookFlags = {
  ...slackFlags,
  ...enablementFlags,
  ...trackerFlags,
  'hmac-secret-file': stringFlag(
    "the webhook secret, or Prow's list of secrets by organization and repository",
    'FILE',
  ),
  'webhook-path': stringFlag('where webhooks arrive (/hook)', 'PATH'),
  'webhook-proxy-url': stringFlag(
    'a smee channel that webhooks come through, for a laptop; https://smee.io/new makes one and keeps it',
    'URL',
  ),
  'data-dir': stringFlag('where the inbox, jobs and logs of this machine are kept (.cutwater)', 'DIR'),
  'database-url': stringFlag('PostgreSQL for the inbox and the outbox, where several replicas share them', 'URL'),
  'in-repo-config-cache-size': intFlag('of how many commits the jobs that repositories declare are kept (200)'),
  'inbox-retention': durationFlag('how long finished deliveries are known, so that a repeated one is dropped', '72h'),
  'needs-rebase-update-period': durationFlag(
    'between two looks at all open pull requests by the needs-rebase plugin; 0s for none',
    '24h',
  ),
};

/** Everything that `cutwater start` understands. */
export const startFlags = {
  ...configFlags,
  ...githubFlags,
  ...hookFlags,
  port: intFlag('hook, health, metrics, help and pages (8888)'),
  ...instrumentationFlags,
  'public-url': stringFlag('where people reach this program; links to logs begin with it', 'URL'),
  'grace-period': durationFlag('how long work under way may take to finish when the program stops', '180s'),
  ...placeFlags,
  ...reportFlags,
  'tot-url': stringFlag('a tot server that build ids come from; our own ids unless given', 'URL'),
  'log-level': choiceFlag('how much is logged', ['trace', 'debug', 'info', 'warn', 'error', 'fatal'], 'info'),
  'github-app-secret': stringFlag(
    'keep the App that the set-up page makes in a secret of the cluster, not in the data folder',
    'NAMESPACE/NAME',
  ),
  github: boolFlag('run on a real GitHub; where there is no App yet, a page makes one'),
  sandbox: boolFlag('run the small GitHub inside the program, even though a configuration is given'),
  'sandbox-listen': stringFlag('the address that everything of the sandbox listens on (127.0.0.1)', 'ADDRESS'),
};

export type StartFlags = FlagValues<typeof startFlags>;
