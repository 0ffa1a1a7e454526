import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Faults } from './faults.ts';
import { createFaults } from './faults.ts';
import { createGraphqlHandler } from './graphql/serve.ts';
import type { World } from './model/world.ts';
import { openWorld } from './model/world.ts';
import { registrationPages } from './registration/index.ts';
import { createRestRouter } from './rest/index.ts';
import type { RateLimits } from './rest/limits.ts';
import { createRateLimits } from './rest/limits.ts';
import type { Credentials, Seed } from './seed/index.ts';
import { credentialsOf, pointHooks, seedWorld } from './seed/index.ts';
import { type AppManifest, offerApp } from './seed/manifest.ts';
import type { PageHandler } from './server.ts';
import { createSandboxServer } from './server.ts';
import type { Sender } from './webhooks/send.ts';
import { startSender } from './webhooks/send.ts';

export interface SandboxOptions {
  /** Where the state is kept; made where it is missing. */
  dataDir: string;
  /** The address to listen on; only this machine unless another is named. */
  listen?: string | undefined;
  /** The usual port, 8080 unless named; where it is taken, any free one. 0 asks for a free one. */
  port?: number | undefined;
  /** Where webhooks go; none are sent where it is empty. May be set later: `sandbox.sendWebhooksTo`. */
  webhookUrl?: string | undefined;
  hmacSecret?: string | undefined;
  /** What a new world holds; one that is there already is kept as it is. */
  seed?: Seed | undefined;
  /** Who sends webhooks: the App (with `installation` in them), or the organisation, for a bot with a token. */
  hook?: 'app' | 'organization' | undefined;
  /** Answers what is neither API nor git. */
  page?: PageHandler | undefined;
  /** Hears of every API request (for checks in tests). */
  onRequest?: ((method: string, path: string, query: URLSearchParams, body: string) => void) | undefined;
  log?: ((message: string, fields: Record<string, unknown>) => void) | undefined;
}

export interface Sandbox {
  /** `http://127.0.0.1:8080`: the page, and git at `/OWNER/NAME.git`. */
  url: string;
  apiUrl: string;
  graphqlUrl: string;
  gitUrl: string;
  world: World;
  tokens: Credentials;
  faults: Faults;
  limits: RateLimits;
  /** Puts a page on the listener, made from the world that is there now. */
  mountPage(page: PageHandler): void;
  /** Registers an App of acme as GitHub's manifest form does; gives the code for `POST /app-manifests/CODE/conversions`. */
  offerApp(manifest: AppManifest): string;
  /** Names the receiver of webhooks, now that its address is known. */
  sendWebhooksTo(url: string, secret?: string): void;
  /** Forgets everything and seeds anew. Tokens stay valid; the App keeps its id and key. */
  startOver(): Promise<void>;
  /** Waits until every webhook under way is answered. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the sandbox's GitHub. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { listen = '127.0.0.1', port = 8080, log = () => undefined } = options;
  const target = {
    webhookUrl: options.webhookUrl ?? '',
    secret: options.hmacSecret ?? '',
    hook: options.hook ?? 'app',
  };
  const seed = { seed: options.seed ?? 'acme', ...target };
  const world = openWorld(options.dataDir);
  const limits = createRateLimits();
  const faults = createFaults();
  let page = options.page;
  const registration = registrationPages(world);
  const server = createSandboxServer({
    world,
    router: createRestRouter(),
    graphql: createGraphqlHandler(world, limits),
    limits,
    faults,
    page: async (request, response) =>
      (await registration(request, response)) || ((await page?.(request, response)) ?? false),
    hosts: [listen],
    onRequest: options.onRequest ?? (() => undefined),
    onError: (error) => log('Sandbox request failed', { error }),
  });
  const url = await open(server, listen, port);
  Object.assign(world.urls, { html: url, api: `${url}/api/v3`, graphql: `${url}/api/graphql` });
  // A seed that was cut short is begun anew.
  const fresh = world.marks.size === 0;
  if (fresh) await seedWorld(world.clear(), seed);
  else pointHooks(world, target);
  const sender: Sender = startSender(world);
  log('Sandbox is ready', { url, fresh });
  return {
    url,
    apiUrl: world.urls.api,
    graphqlUrl: world.urls.graphql,
    gitUrl: url,
    world,
    tokens: credentialsOf(world),
    faults,
    limits,
    mountPage(handler) {
      page = handler;
    },
    offerApp: (manifest) => offerApp(world, 'acme', manifest),
    sendWebhooksTo(webhookUrl, secret = target.secret) {
      Object.assign(target, { webhookUrl, secret });
      pointHooks(world, target);
    },
    async startOver() {
      await sender.idle();
      await startOver(world, { ...seed, ...target });
    },
    idle: () => sender.idle(),
    close: () => close(server, sender, world),
  };
}

/** Seeds anew with the App that was there, so that a running bot goes on with its id and key. */
async function startOver(world: World, seed: Parameters<typeof seedWorld>[1]): Promise<void> {
  const apps = world.apps.all();
  const installations = world.installations.all();
  const tokens = world.tokens.all().filter((it) => it.installationId !== null);
  await seedWorld(world.clear(), seed, { app: apps[0], installation: installations[0], tokens });
  world.feed.add({ at: world.now(), kind: 'startedOver', actor: '', repo: null, numbers: [], data: {} });
}

async function open(server: Server, host: string, port: number): Promise<string> {
  const taken = await listenOn(server, host, port);
  if (taken) {
    const again = await listenOn(server, host, 0);
    if (again) throw again;
  }
  const address = server.address() as AddressInfo;
  const name = address.address === '0.0.0.0' || address.address === '::' ? '127.0.0.1' : address.address;
  return `http://${name.includes(':') ? `[${name}]` : name}:${address.port}`;
}

/** Gives the error where the port is taken, and rejects with any other. */
function listenOn(server: Server, host: string, port: number): Promise<Error | undefined> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(error) : reject(error));
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      resolve(undefined);
    });
  });
}

async function close(server: Server, sender: Sender, world: World): Promise<void> {
  sender.close();
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  world.close();
}
