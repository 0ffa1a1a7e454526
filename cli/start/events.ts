import { probotApps, probotAppsFor } from '../../core/config/sections/probot-apps.ts';
import { createDispatcher, type DispatcherOptions } from '../../core/dispatch/dispatcher.ts';
import { createPluginMetrics } from '../../core/dispatch/metrics.ts';
import { openForwarder } from '../../core/external/open.ts';
import { externalOf, repoOf } from '../../core/external/recipients.ts';
import { GAP_EVENT, type Gap, gapDelivery } from '../../core/gaps/gap.ts';
import { createGapSweeper } from '../../core/gaps/sweep.ts';
import type { GitHub } from '../../core/github/github.ts';
import { createRedelivery } from '../../core/github/redelivery.ts';
import type { Inbox } from '../../core/inbox/inbox.ts';
import { DEFAULT_RETENTION, openInbox } from '../../core/inbox/open.ts';
import type { Logger } from '../../core/log.ts';
import type { Metrics } from '../../core/metrics.ts';
import { enabledPlugins, pluginsFor, whereEnabled } from '../../core/plugin/enablement.ts';
import type { ConfigView } from '../../core/plugin/settings.ts';
import type { Port } from '../../core/ports/index.ts';
import { createProbotApps, type ProbotApps } from '../../core/probot/apps.ts';
import { plugins } from '../../plugins/index.ts';

/** What changes where the App may act. */
const ABOUT_INSTALLATIONS = new Set(['installation', 'installation_repositories']);
/** What changes who belongs to what. */
const ABOUT_PEOPLE = new Set(['member', 'membership', 'organization', 'team']);

/** Nothing that is meant to be takes so long without a pause. */
const BLOCKED_LIMIT_MS = 60_000;

export interface EventsOptions {
  dataDir: string;
  config(): ConfigView;
  ports: Readonly<Record<string, Port>>;
  github: GitHub;
  /** Called for every webhook that tells where the App may act. */
  onInstallations(): void;
  /** Webhooks come through a channel that keeps nothing. */
  tunnel: boolean;
  retentionMs: number;
  /** Events of other repositories are for nobody here. */
  isOurs(org: string, repo: string): boolean;
  /** The signature that GitHub would put on a payload of a repository. */
  sign(fullName: string, payload: Buffer): string;
  /** PostgreSQL, where several replicas share the inbox. */
  databaseUrl?: string | undefined;
  log: Logger;
  registry: Metrics;
}

/** Deliveries in, plugins run: the inbox with the dispatcher behind it. Throws `config` where a Probot app does not load. */
export async function openEvents(
  options: EventsOptions,
): Promise<Pick<Inbox, 'accept' | 'start' | 'isAlive' | 'close'> & { probotApps: Pick<ProbotApps, 'plugins'> }> {
  const { dataDir, config, ports, github, log, registry, retentionMs, databaseUrl } = options;
  const stopping = new AbortController();
  const external = await openForwarder({ dataDir, databaseUrl, config, log, registry });
  const apps = createProbotApps({ github, log, registry });
  await apps.start(config());
  const inbox = await openInbox({
    dataDir,
    databaseUrl,
    async handle(entry) {
      if (entry.event === GAP_EVENT) return closeGap(entry);
      const [org = '', repo = ''] = repoOf(entry.body).split('/');
      if (!options.isOurs(org, repo)) return;
      await external.forward(entry);
      await dispatch(entry);
    },
    retention: { ...DEFAULT_RETENTION, keepMs: retentionMs },
    blockedLimitMs: BLOCKED_LIMIT_MS,
    log,
    registry,
  });
  const dispatch = createDispatcher({
    pluginsFor: withApps(whereEnabled(plugins), apps),
    config,
    ports,
    github,
    inbox,
    metrics: createPluginMetrics(registry),
    log,
    signal: stopping.signal,
  });
  const closeGap = createGapSweeper({
    github,
    accept: inbox.accept,
    notes: inbox.store.notes,
    journal: inbox.journal,
    isServed: (org, repo) => options.isOurs(org, repo) && isServed(config(), org, repo),
    sign: options.sign,
    signal: stopping.signal,
    log,
    registry,
  });
  const onGap = (gap: Gap): Promise<boolean> => inbox.accept(gapDelivery(gap));
  const redelivery = createRedelivery({ github, store: inbox.store, onGap, tunnel: options.tunnel, log, registry });
  return {
    accept(delivery) {
      if (ABOUT_INSTALLATIONS.has(delivery.event)) options.onInstallations();
      if (ABOUT_PEOPLE.has(delivery.event)) github.forgetPeople();
      redelivery.note(delivery);
      return inbox.accept(delivery);
    },
    start() {
      external.start();
      inbox.start();
      redelivery.start();
    },
    isAlive: inbox.isAlive,
    probotApps: apps,
    async close(graceMs) {
      redelivery.stop();
      stopping.abort();
      await inbox.close(graceMs);
      await external.close(graceMs);
      await apps.close();
    },
  };
}

/** Probot apps run beside the plugins; nobody waits where none are being mounted. */
function withApps(inside: ReturnType<typeof whereEnabled>, apps: ProbotApps): DispatcherOptions['pluginsFor'] {
  return (config, org, repo) => {
    const plugins = inside(config, org, repo);
    const more = apps.pluginsFor(config, org, repo);
    return Array.isArray(more) ? [...plugins, ...more] : more.then((late) => [...plugins, ...late]);
  };
}

/** Whether any plugin, inside or outside, or a Probot app hears of a repository. */
function isServed(config: ConfigView, org: string, repo: string): boolean {
  return (
    pluginsFor(config.get(enabledPlugins), org, repo).length > 0 ||
    externalOf(config, `${org}/${repo}`).length > 0 ||
    probotAppsFor(config.get(probotApps), org, repo).length > 0
  );
}
