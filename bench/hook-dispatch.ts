import { configOf } from '../core/config/config.ts';
import { createDispatcher, type Entry } from '../core/dispatch/dispatcher.ts';
import { createPluginMetrics } from '../core/dispatch/metrics.ts';
import type { Inbox } from '../core/inbox/inbox.ts';
import type { Logger } from '../core/log.ts';
import type { Metrics } from '../core/metrics.ts';
import { enabledPlugins, whereEnabled } from '../core/plugin/enablement.ts';
import { corePorts, type GitHubClient, port, read } from '../core/ports/index.ts';
import { plugins } from '../plugins/index.ts';

/** What other components offer, where a repository has no jobs and nothing to merge. */
const ports = {
  ...corePorts,
  mergeability: port('mergeability', {}, { checkSoon: read(async () => {}) }),
  jobs: port(
    'jobs',
    {},
    { usesInRepoConfig: read(async () => false), presubmits: read(async () => ({ triggeredBy: () => false })) },
  ),
};

/** GitHub, which nothing is asked for a comment without a command. */
const github = new Proxy({} as GitHubClient, {
  get: (_, name) => {
    if (name === 'then') return undefined;
    throw new Error(`GitHub was asked for ${String(name)}`);
  },
});

/** Twenty that installations of Prow have on, as many as the real Prow was measured with. */
const NAMES = [
  ...['approve', 'assign', 'blunderbuss', 'cat', 'dog', 'heart', 'help', 'hold', 'label', 'lgtm'],
  ...['lifecycle', 'owners-label', 'release-note', 'shrug', 'size', 'skip', 'trigger', 'verify-owners', 'wip', 'yuks'],
];

/** The real dispatcher with those twenty on. */
export function benchDispatcher(inbox: () => Inbox, registry: Metrics, log: Logger): (entry: Entry) => Promise<void> {
  const config = configOf([enabledPlugins, { acme: { plugins: NAMES, excluded_repos: [] } }]);
  return createDispatcher({
    pluginsFor: whereEnabled(plugins),
    config: () => config,
    ports,
    github: { forOrg: async () => github, botLogin: async () => 'ci-robot' },
    inbox: {
      done: (...of) => inbox().done(...of),
      journal: { load: (...of) => inbox().journal.load(...of), append: (...of) => inbox().journal.append(...of) },
    },
    metrics: createPluginMetrics(registry),
    log,
    signal: new AbortController().signal,
  });
}
