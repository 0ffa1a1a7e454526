import { emitterEventNames } from '@octokit/webhooks';
import type { WebhookEventName } from '../plugin/event.ts';

const EVERY = [...new Set(emitterEventNames.map((name) => name.split('.')[0] ?? ''))];

/** What an app registered for: events, each with its actions, or with none for all of them. */
export function createListening() {
  const events = new Map<string, Set<string>>();

  function add(full: string): void {
    const [event = '', action] = full.split('.');
    const known = events.get(event);
    if (action === undefined) events.set(event, new Set());
    else if (!known) events.set(event, new Set([action]));
    else if (known.size > 0) known.add(action);
  }

  return {
    /** `issues.opened`, `issues`, or `*`. */
    add: (what: string): void => (what === '*' ? EVERY : [what]).forEach(add),
    events: () => [...events].map(([event, actions]) => ({ event: event as WebhookEventName, actions: [...actions] })),
  };
}
