import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Sandbox, startSandbox } from '../../index.ts';
import type { BuiltPage } from '../server/built.ts';
import { createPage, type PageHandler, type PageOptions } from '../server/index.ts';
import { playBot } from './bot.ts';
import { HELP } from './help.ts';

/** The sandbox with its page, and a bot without a program behind it: what the page's tests look at. */
export interface Scene {
  sandbox: Sandbox;
  /** `http://127.0.0.1:1234` */
  url: string;
  close(): Promise<void>;
}

export async function openScene(
  dataDir: string,
  options: Partial<PageOptions> = {},
  built?: BuiltPage,
): Promise<Scene> {
  const bot = await listen(
    createServer((request, response) => {
      request.resume().on('end', () => response.end(request.method === 'GET' ? JSON.stringify(HELP) : 'ok'));
    }),
  );
  let page: PageHandler = async () => false;
  const sandbox = await startSandbox({
    dataDir,
    port: 0,
    webhookUrl: `${bot.url}/hook`,
    hmacSecret: 'not-told',
    page: (request, response) => page(request, response),
  });
  const defaults = {
    world: sandbox.world,
    startOver: () => sandbox.startOver(),
    repo: 'acme/widgets',
    people: ['alice', 'bob', 'stranger'],
    pluginHelpUrl: `${bot.url}/plugin-help`,
    jobsUrl: 'http://127.0.0.1:1/',
  };
  page = await createPage({ ...defaults, ...options }, built);
  await sandbox.idle();
  const stopBot = playBot(sandbox.world);
  return {
    sandbox,
    url: sandbox.url,
    async close() {
      stopBot();
      await sandbox.idle();
      await sandbox.close();
      bot.server.closeAllConnections();
      await new Promise<void>((resolve) => bot.server.close(() => resolve()));
    },
  };
}

async function listen(server: Server): Promise<{ server: Server; url: string }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
