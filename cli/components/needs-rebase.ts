import { setTimeout as pause } from 'node:timers/promises';
import { externalPlugins } from '../../core/config/sections/external-plugins.ts';
import type { GitHub } from '../../core/github/github.ts';
import { asSpender } from '../../core/github/spender.ts';
import type { Logger } from '../../core/log.ts';
import { enabledPlugins } from '../../core/plugin/enablement.ts';
import type { ConfigView } from '../../core/plugin/settings.ts';
import { direct } from '../../core/ports/direct.ts';
import { corePorts, port, read, type Target } from '../../core/ports/index.ts';
import type { MergeabilityPort } from '../../plugins/needs-rebase/port.ts';
import { type Places, searchesFor } from '../../plugins/needs-rebase/queries.ts';
import { follow, type Judged, stepFor } from '../../plugins/needs-rebase/rules.ts';
import { type FoundPull, openPulls } from '../../plugins/needs-rebase/sweep.ts';
import type { Running } from './context.ts';
import { createDelayedChecks, type DelayedChecks } from './delayed-checks.ts';

const NAME = 'needs-rebase';
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** How long GitHub gets for computing what the sweep had to ask for, and how often it is asked again. */
const UNKNOWN_WAIT_MS = 60_000;
const UNKNOWN_TRIES = 3;

export interface NeedsRebaseOptions {
  config(): ConfigView;
  github: Pick<GitHub, 'forOrg' | 'botLogin' | 'graphql'>;
  /** Where the plugin is on; where hook runs it unless given. */
  places?(config: ConfigView): Places;
  /** Between the sweeps over all open pull requests. */
  updatePeriodMs: number;
  log: Logger;
}

/** What stands behind the needs-rebase plugin: looks at single pull requests when it asks, and at all of them now and then, first at the start. */
export function openNeedsRebase(options: NeedsRebaseOptions) {
  const { updatePeriodMs } = options;
  const log = options.log.child({ plugin: NAME });
  const scoped = { ...options, log };
  const checks = createDelayedChecks((at) => check(scoped, at), log);
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let sweeping: Promise<void> = Promise.resolve();

  function tick(tries: number): void {
    const started = performance.now();
    checks.forget();
    sweeping = sweep(scoped, checks, stopping.signal)
      .catch((err: unknown) => {
        log.error({ err }, 'Error during periodic update of all PRs');
        return 0;
      })
      .then((unknown) => {
        const again = unknown > 0 && tries < UNKNOWN_TRIES && UNKNOWN_WAIT_MS < updatePeriodMs;
        const wait = again ? UNKNOWN_WAIT_MS : Math.max(0, updatePeriodMs - (performance.now() - started));
        if (!stopping.signal.aborted) timer = setTimeout(tick, Math.min(wait, LONGEST_TIMER_MS), again ? tries + 1 : 0);
      });
  }

  return {
    port: mergeabilityPort(checks),
    start(): void {
      if (updatePeriodMs > 0) tick(0);
    },
    async stop(graceMs: number): Promise<void> {
      stopping.abort();
      clearTimeout(timer);
      await Promise.race([Promise.all([checks.stop(), sweeping]), pause(graceMs, undefined, { ref: false })]);
    },
  } satisfies Running & Record<string, unknown>;
}

function mergeabilityPort(checks: Pick<DelayedChecks, 'soon'>) {
  return port(
    'mergeability',
    { issues: 'write', pull_requests: 'write' },
    {
      checkSoon: read(async (_gh, at, ...[seconds = 0]: Parameters<MergeabilityPort['checkSoon']>): Promise<void> => {
        checks.soon(at, seconds * 1000);
      }),
    },
  );
}

type Scoped = Pick<NeedsRebaseOptions, 'config' | 'places' | 'github' | 'log'>;

/** Whether the look settled anything: false where GitHub is still computing. */
async function check({ github }: Scoped, at: Target): Promise<boolean> {
  return asSpender(spender(at), async () => {
    const found = await direct(corePorts.pull, await github.forOrg(at.org), at).get();
    if (found.state !== 'open') return true;
    const { author, labels, mergeable } = found;
    if (mergeable === null) return false;
    await act(github, at, { author, labels, mergeable });
    return true;
  });
}

/** Finds the open pull requests where the plugin is on; says of how many GitHub did not know yet. One after the other, as GitHub wants it. */
async function sweep(
  { config, places = enabledPlaces, github, log }: Scoped,
  checks: Pick<DelayedChecks, 'now'>,
  signal: AbortSignal,
): Promise<number> {
  const searches = searchesFor(places(config()));
  let seen = 0;
  let unknown = 0;
  for (const search of searches) {
    if (signal.aborted) break;
    try {
      const pulls = await asSpender(spender(search), () => openPulls(github.graphql, search));
      seen += pulls.length;
      unknown += pulls.filter(({ mergeable }) => mergeable === undefined).length;
      // The search may be behind what is so by now, and a look may be under way: where there is something to do it is looked at again.
      for (const pull of pulls.filter(needsLook)) if (!signal.aborted) await checks.now(pull);
    } catch (err) {
      log.error({ err, org: search.org }, 'Failed to search for open pull requests');
    }
  }
  if (searches.length > 0) log.info({ prs: seen, unknown }, 'Periodic update complete');
  return unknown;
}

function needsLook({ author, labels, mergeable }: FoundPull): boolean {
  return mergeable !== undefined && stepFor({ author, labels, mergeable }) !== 'nothing';
}

async function act(github: Scoped['github'], at: Target, judged: Judged): Promise<void> {
  if (stepFor(judged) === 'nothing') return;
  const gh = await github.forOrg(at.org);
  const { comments, labels } = corePorts;
  await follow(judged, await github.botLogin(), {
    comments: direct(comments, gh, at),
    labels: direct(labels, gh, at),
  });
}

function spender({ org, repo }: { org: string; repo?: string }) {
  return { plugin: NAME, repo: repo ? `${org}/${repo}` : org, priority: 'label' as const };
}

/** Where hook sends the events of a plugin of this name outside (Prow: EnabledReposForExternalPlugin). */
export function externalPlaces(config: ConfigView): Places {
  const on = Object.entries(config.get(externalPlugins)).filter(([, list]) => list.some(({ name }) => name === NAME));
  const places = on.map(([place]) => place);
  return {
    orgs: places.filter((place) => !place.includes('/')).map((org) => ({ org, without: [] })),
    repos: places.filter((place) => place.includes('/')),
  };
}

function enabledPlaces(config: ConfigView): Places {
  const on = Object.entries(config.get(enabledPlugins)).filter(([, { plugins }]) => plugins.includes(NAME));
  return {
    orgs: on.flatMap(([org, { excluded_repos: without }]) => (org.includes('/') ? [] : [{ org, without }])),
    repos: on.flatMap(([place]) => (place.includes('/') ? [place] : [])),
  };
}
