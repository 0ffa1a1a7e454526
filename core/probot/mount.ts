import { isTransient } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { EventContext, Plugin, WebhookEventName } from '../plugin/index.ts';
import { plugin } from '../plugin/index.ts';
import { isWrite } from './api.ts';
import { type AppHost, openHost } from './host.ts';
import { createListening } from './listening.ts';
import { resolveApp } from './resolve.ts';
import type { Ask } from './under-way.ts';

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

/** What an app is called where plugins are named. */
export function pluginNameOf(name: string): string {
  return `probot:${name}`;
}

/** Loads a Probot app. Its handlers become one handler for each event that it listens for; what it asks of GitHub goes through the port `api`. */
export async function mountApp({ app, name, baseUrl, log, onLost }: MountOptions): Promise<MountedApp> {
  const p = plugin({ name: pluginNameOf(name), summary: `The Probot app ${app}.`, needs: ['api'] });
  const listening = createListening();
  let handlers: Plugin['handlers'] = [];
  const onListens = (what: string): void => {
    listening.add(what);
    handlers = listening.events().map(({ event, actions }) => p.on(event, actions, (context) => hand(host, context)));
  };
  const url = resolveApp(app);
  const host = await openHost({ url, baseUrl, log: log.child({ 'probot-app': name }), onListens, onLost });
  const mounted = {
    ...p.define({}),
    get handlers() {
      return handlers;
    },
  };
  return { app, plugin: mounted, close: host.close };
}

async function hand(host: AppHost, { event, ports, signal }: EventContext<WebhookEventName, 'api'>): Promise<void> {
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
