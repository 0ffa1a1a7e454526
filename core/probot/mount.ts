import { emitterEventNames } from '@octokit/webhooks';
import { isTransient } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { EventContext, Plugin, WebhookEventName } from '../plugin/index.ts';
import { plugin } from '../plugin/index.ts';
import { isWrite } from './api.ts';
import { openHost } from './host.ts';
import { resolveApp } from './resolve.ts';
import type { Ask } from './thread.ts';

export interface MountOptions {
  /** As in the configuration. */
  app: string;
  name: string;
  baseUrl: string;
  log: Logger;
  onLost(): void;
}

/** An app as a plugin that the dispatcher runs like any other. */
export interface MountedApp {
  app: string;
  plugin: Plugin;
  close(): Promise<void>;
}

const EVERY = [...new Set(emitterEventNames.map((name) => name.split('.')[0] ?? ''))];

/** Loads a Probot app. Its handlers become one handler for each event that it listens for; what it asks of GitHub goes through the port `api`. */
export async function mountApp({ app, name, baseUrl, log, onLost }: MountOptions): Promise<MountedApp> {
  const p = plugin({ name: `probot:${name}`, summary: `The Probot app ${app}.`, needs: ['api'] });
  const listens = new Map<string, Set<string>>();
  let handlers: Plugin['handlers'] = [];

  /** No action in the set: all of them. */
  function add(what: string): void {
    for (const full of what === '*' ? EVERY : [what]) {
      const [event = '', action] = full.split('.');
      const known = listens.get(event);
      if (action === undefined) listens.set(event, new Set());
      else if (!known) listens.set(event, new Set([action]));
      else if (known.size > 0) known.add(action);
    }
    handlers = [...listens].map(([event, actions]) => p.on(event as WebhookEventName, [...actions], run));
  }

  const host = await openHost({
    url: resolveApp(app),
    baseUrl,
    log: log.child({ 'probot-app': name }),
    onListens: add,
    onLost,
  });

  async function run({ event, ports, signal }: EventContext<WebhookEventName, 'api'>): Promise<void> {
    let reads = 0;
    let passing: unknown;
    const ask: Ask = async (request) => {
      try {
        return await (isWrite(request) ? ports.api.write(request, 0) : ports.api.read(request, ++reads));
      } catch (error) {
        if (isTransient(error)) passing = error;
        throw error;
      }
    };
    const { delivery, kind, payload } = event;
    try {
      await host.handle({ delivery, name: kind, payload }, ask, signal);
    } catch (error) {
      throw passing ?? error;
    }
    // Many apps only log that GitHub was down; the event is theirs again when it is back.
    if (passing) throw passing;
  }

  return {
    app,
    plugin: {
      ...p.define({}),
      get handlers() {
        return handlers;
      },
    },
    close: host.close,
  };
}
