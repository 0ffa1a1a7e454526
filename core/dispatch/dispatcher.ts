import { hasCode, isTransient } from '../errors.ts';
import { asSpender } from '../github/spender.ts';
import type { Logger } from '../log.ts';
import type { PluginEvent } from '../plugin/event.ts';
import type { Plugin } from '../plugin/plugin.ts';
import { concerns, runPlugin } from '../plugin/run.ts';
import type { ConfigView } from '../plugin/settings.ts';
import type { GitHubClient, Port, Target } from '../ports/index.ts';
import { pull as pullPort } from '../ports/pull.ts';
import { type Binder, factOf, portBinder } from './bind.ts';
import { eventsOf } from './events.ts';
import { createFacts, type Facts } from './facts.ts';
import { createAttemptJournal, type JournalLine } from './journal.ts';
import type { PluginMetrics } from './metrics.ts';
import { seededRandom, untilHealed, withTimeLimit } from './retry.ts';

/** A delivery as the inbox hands it out. */
export interface Entry {
  delivery: string;
  event: string;
  body: unknown;
  /** Plugins that finished with it before. */
  done: ReadonlySet<string>;
}

export interface DispatcherOptions {
  /** Those that are on for a repository; see `whereEnabled`. */
  pluginsFor(config: ConfigView, org: string, repo: string): readonly Plugin[] | Promise<readonly Plugin[]>;
  /** The configuration as it stands now. */
  config(): ConfigView;
  /** Every port by name: core's, and those of other components. */
  ports: Readonly<Record<string, Port>>;
  github: {
    forOrg(org: string): Promise<GitHubClient>;
    botLogin(): Promise<string>;
  };
  inbox: {
    done(delivery: string, plugin: string): Promise<void>;
    journal: {
      load(delivery: string, plugin: string): Promise<object[]>;
      append(delivery: string, plugin: string, records: object[]): Promise<void>;
    };
  };
  metrics: PluginMetrics;
  log: Logger;
  /** Aborted when the program stops: failed plugins are then left for the next start. */
  signal: AbortSignal;
  /** The longest time of one plugin with one event. */
  timeLimitMs?: number;
  /** How long a plugin is tried again while GitHub fails. */
  patienceMs?: number;
}

const TIME_LIMIT_MS = 600_000;
const PATIENCE_MS = 3_600_000;

/**
 * Runs the plugins that are enabled for an event's repository, side by side, each in its own failure, and resolves when all have finished with it. Throws
 * only what the next attempt may heal, so that the inbox keeps the entry.
 */
export function createDispatcher(options: DispatcherOptions): (entry: Entry) => Promise<void> {
  const bind = portBinder(options.ports);
  return async function dispatch(entry) {
    const events = eventsOf(entry.delivery, entry.event, entry.body);
    const [first] = events;
    if (!first) return;
    const config = options.config();
    const enabled = await options.pluginsFor(config, first.org, first.repo);
    const work = enabled.flatMap((plugin) => {
      const mine = events.filter((event) => concerns(plugin, event));
      return mine.length > 0 && !entry.done.has(plugin.name) ? [{ plugin, events: mine }] : [];
    });
    const facts = createFacts();
    let left = work.length;
    const outcomes = await Promise.allSettled(
      work.map(async ({ plugin, events: mine }) => {
        await handle({ plugin, events: mine, entry, config, facts, bind, options });
        left--;
        // The last one's end is the entry's end, which the inbox writes down anyway.
        if (left > 0) await options.inbox.done(entry.delivery, plugin.name);
      }),
    );
    const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    if (failures.length > 0) throw failures[0];
  };
}

interface Work {
  plugin: Plugin;
  events: PluginEvent[];
  entry: Entry;
  config: ConfigView;
  facts: Facts;
  bind: Binder;
  options: DispatcherOptions;
}

/** One plugin's work with one event, again and again while that may help. */
async function handle(work: Work): Promise<void> {
  const { plugin, entry, options } = work;
  const log = options.log.child({
    plugin: plugin.name,
    'event-type': entry.event,
    'event-GUID': entry.delivery,
    ...placeOf(work),
  });
  let facts = work.facts;
  const attempt = async (): Promise<void> => {
    const current = { ...work, facts };
    facts = createFacts();
    await attemptOnce(current, log);
  };
  await untilHealed(attempt, {
    firstPauseMs: 500,
    longestPauseMs: 30_000,
    earlyPauseMs: 5_000,
    patienceMs: options.patienceMs ?? PATIENCE_MS,
    signal: options.signal,
    onFailure: (err, count) => log.warn({ err, attempt: count }, 'A plugin failed and is tried again'),
  });
}

/** What the work is about, in Prow's log fields; all of its events are about the same. */
function placeOf({ events: [event] }: Work): { org?: string; repo?: string; pr?: number } {
  if (!event) return {};
  return { org: event.org, repo: event.repo, ...(event.number !== undefined && { pr: event.number }) };
}

/** Throws what may heal; a failure of the plugin's own is logged and counted, and is the end of it. */
async function attemptOnce(work: Work, log: Logger): Promise<void> {
  const { plugin, entry, options, events } = work;
  const earlier = (await options.inbox.journal.load(entry.delivery, plugin.name)) as JournalLine[];
  const journal = createAttemptJournal(earlier, (lines) =>
    options.inbox.journal.append(entry.delivery, plugin.name, lines),
  );
  const started = performance.now();
  const labels = () => ({
    event_type: entry.event,
    action: events[0]?.kind === 'comment' ? events[0].action : events[0]?.action || 'none',
    plugin: plugin.name,
    took_action: journal.acted ? ('true' as const) : ('false' as const),
  });
  try {
    const spender = { plugin: plugin.name, repo: `${events[0]?.org}/${events[0]?.repo}`, priority: plugin.priority };
    await withTimeLimit(options.timeLimitMs ?? TIME_LIMIT_MS, (signal) =>
      asSpender(spender, () => runEvents(work, journal, log, signal)),
    );
  } catch (err) {
    if (isTransient(err)) throw err;
    // A branch, commit or comment may be deleted before its event is handled; there is nothing left to do about it then.
    if (hasCode(err, 'not-found')) return void log.info({ reason: err.message }, 'What an event is about is gone');
    options.metrics.failed(labels());
    log.error({ err }, 'Error handling an event');
  } finally {
    options.metrics.handled(labels(), (performance.now() - started) / 1000);
  }
}

async function runEvents(
  work: Work,
  journal: ReturnType<typeof createAttemptJournal>,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const { plugin, entry, options, events, config, facts, bind } = work;
  const bot = await options.github.botLogin();
  const backing = { client: (org: string) => options.github.forOrg(org), facts, journal };
  for (const event of events) {
    const here: Target = {
      org: event.org,
      repo: event.repo,
      ...(event.number !== undefined && { number: event.number }),
    };
    if (event.kind !== 'comment' && event.pull) seed(facts, here, event.pull);
    await runPlugin(plugin, event, {
      ports: bind({ at: here, backing }),
      at: (target) => bind({ at: { ...here, ...target }, backing }),
      config: plugin.config?.forRepo(config, event.org, event.repo),
      bot,
      log,
      signal,
      random: seededRandom(`${entry.delivery} ${plugin.name}`),
    });
  }
}

/** The payload holds the pull request already, as it was when the event happened, which is how Prow's plugins see it. */
function seed(facts: Facts, at: Target, pull: object): void {
  void facts.get(factOf({ port: pullPort, name: 'get' }, at), async () => pull);
}
