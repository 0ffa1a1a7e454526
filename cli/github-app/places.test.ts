import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKubeClient } from '../../core/kube/client.ts';
import { fakeApiServer, reply } from '../../core/kube/testing.ts';
import type { AppCredentials } from './app.ts';
import { clusterSecret, secretName } from './cluster-secret.ts';
import { credentialFolder } from './folder.ts';

const APP: AppCredentials = {
  id: 7,
  slug: 'acme-bot',
  name: 'Acme bot',
  owner: 'acme',
  url: 'https://github.com/apps/acme-bot',
  clientId: 'Iv1.7',
  clientSecret: 'client',
  privateKey: '-----BEGIN\nkey',
  webhookSecret: 'hook',
  webhookProxy: 'https://smee.io/abc',
};

describe('a folder', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'app-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  it('gives back what it keeps, which only its owner reads', async () => {
    const place = credentialFolder(dataDir);
    expect(await place.load()).toBeUndefined();
    await place.save(APP);
    expect(await credentialFolder(dataDir).load()).toEqual(APP);
    const folder = path.join(dataDir, 'github-app');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const file of readdirSync(folder)) expect(statSync(path.join(folder, file)).mode & 0o777).toBe(0o600);
    expect(readdirSync(dataDir)).toEqual(['github-app']);
  });

  it('does not lose the App that it has to another', async () => {
    const place = credentialFolder(dataDir);
    await place.save(APP);
    await expect(place.save({ ...APP, id: 8 })).rejects.toMatchObject({ code: 'conflict' });
    expect((await place.load())?.id).toBe(7);
  });

  it('says what cannot be read', async () => {
    await credentialFolder(dataDir).save(APP);
    writeFileSync(path.join(dataDir, 'github-app', 'app.json'), '{');
    await expect(credentialFolder(dataDir).load()).rejects.toMatchObject({ code: 'config' });
  });
});

describe('a secret of the cluster', () => {
  /** An API server with one secret at most. */
  async function startServer() {
    let stored: { stringData: Record<string, string> } | undefined;
    const server = await fakeApiServer((request, response, body) => {
      if (request.method === 'POST' && stored)
        return reply(response, 409, { reason: 'AlreadyExists', message: 'exists' });
      if (request.method === 'POST') stored = JSON.parse(body);
      if (!stored) return reply(response, 404, { reason: 'NotFound', message: 'not there' });
      const data = Object.entries(stored.stringData).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
      reply(response, 200, { data: Object.fromEntries(data) });
    });
    return { ...server, keys: () => Object.keys(stored?.stringData ?? {}) };
  }

  it('has the keys that Prow’s manifests mount', async () => {
    const server = await startServer();
    const client = createKubeClient(server.target);
    const place = clusterSecret(client, 'prow', 'github-token');
    expect(await place.load()).toBeUndefined();
    await place.save(APP);
    expect(await place.load()).toEqual(APP);
    expect(server.keys()).toEqual(expect.arrayContaining(['appid', 'cert', 'hmac']));
    await expect(place.save(APP)).rejects.toMatchObject({ code: 'conflict' });
    client.close();
    await server.close();
  });

  it('names what it lacks', async () => {
    const server = await fakeApiServer((_request, response) =>
      reply(response, 200, { data: { appid: Buffer.from('7').toString('base64') } }),
    );
    const client = createKubeClient(server.target);
    await expect(clusterSecret(client, 'prow', 'x').load()).rejects.toThrow(/the secret prow\/x lacks .*cert/);
    client.close();
    await server.close();
  });

  it.each(['github-token', 'a/b/c', '/x', 'Prow/x'])('refuses the name %s', (name) => {
    expect(() => secretName(name)).toThrow('is not NAMESPACE/NAME');
  });
});
