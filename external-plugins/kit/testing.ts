import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { configOf } from '../../core/config/config.ts';
import { openListeners } from '../../core/hook/listeners.ts';
import { createMetrics } from '../../core/metrics.ts';
import type { Plugin } from '../../core/plugin/index.ts';
import type { GitHubClient, Port } from '../../core/ports/index.ts';
import { fixedSecret } from '../../core/secrets/secret.ts';
import { openPluginService } from './service.ts';

export const SECRET = 'the secret of the tests';

/** A plugin as a service on a free port of this process. `close` ends it; with the same `dataDir` it goes on. */
export async function serveForTest(plugin: Plugin, more: { ports?: Record<string, Port>; dataDir?: string } = {}) {
  const dataDir = more.dataDir ?? mkdtempSync(path.join(tmpdir(), 'kit-'));
  const registry = createMetrics();
  const log = pino({ level: 'silent' });
  const service = await openPluginService({
    plugin,
    config: () => configOf(),
    ports: more.ports ?? {},
    github: { forOrg: async () => ({}) as GitHubClient, botLogin: async () => 'ci-robot' },
    hmac: fixedSecret(SECRET),
    dataDir,
    log,
    registry,
  });
  const listeners = await openListeners({
    routes: [...service.routes],
    registry,
    ready: service.isAlive,
    log,
    port: 0,
    host: '127.0.0.1',
  });
  service.start();
  return {
    url: listeners.url,
    dataDir,
    async close() {
      await listeners.close(0);
      await service.close(0);
      if (!more.dataDir) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
