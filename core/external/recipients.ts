import { externalPlugins } from '../config/sections/external-plugins.ts';
import { own } from '../own.ts';
import type { ConfigView } from '../plugin/settings.ts';

/** An external plugin as it is configured for a repository. */
export interface Recipient {
  name: string;
  endpoint: string;
  /** The events that it asked for; none means all. */
  events: readonly string[];
}

/** `org/repo` of an event; empty where it is about no repository, and then no external plugin hears of it, as in Prow. */
export function repoOf(body: unknown): string {
  const name = (body as { repository?: { full_name?: unknown } } | null)?.repository?.full_name;
  return typeof name === 'string' ? name : '';
}

/** The external plugins of a repository: the organisation's and its own (Prow: pkg/hook/server.go, needDemux). */
export function externalOf(config: ConfigView, repo: string): Recipient[] {
  if (repo === '') return [];
  const places = config.get(externalPlugins);
  return [...(own(places, repo.split('/')[0] ?? '') ?? []), ...(own(places, repo) ?? [])];
}

/** Those that want `event`, also where it is one that no plugin inside hears. */
export function recipientsOf(config: ConfigView, repo: string, event: string): Recipient[] {
  return externalOf(config, repo).filter(({ events }) => events.length === 0 || events.includes(event));
}
