import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type ErrorCode, hasCode, messageOf } from '../errors.ts';
import { createKubeClient, type KubeClient } from './client.ts';
import type { KubeUser } from './kubeconfig.ts';
import { fakeApiServer, reply } from './testing.ts';

let cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.reverse()) await step();
  cleanup = [];
});

async function serve(answer: Parameters<typeof fakeApiServer>[0], user?: KubeUser): Promise<KubeClient> {
  const server = await fakeApiServer(answer);
  const client = createKubeClient({ ...server.target, user: user ?? server.target.user });
  cleanup.push(server.close, () => client.close());
  return client;
}

describe('a client', () => {
  it.each<[number, string, ErrorCode]>([
    [400, 'BadRequest', 'invalid'],
    [401, 'Unauthorized', 'forbidden'],
    [403, 'Forbidden', 'forbidden'],
    [404, 'NotFound', 'not-found'],
    [409, 'AlreadyExists', 'conflict'],
    [410, 'Expired', 'gone'],
    [422, 'Invalid', 'invalid'],
    [500, 'InternalError', 'transient'],
    [504, 'Timeout', 'transient'],
  ])('turns %i %s into %s, in the words of the server', async (code, reason, expected) => {
    const client = await serve((_, response) =>
      reply(response, code, { kind: 'Status', message: 'its words', reason, code }),
    );
    const error = await client.request({ path: '/x' }).catch((thrown: unknown) => thrown);
    expect(hasCode(error, expected)).toBe(true);
    expect(messageOf(error)).toBe('its words');
  });

  it('serves requests that begin together over one set of connections', async () => {
    const client = await serve((_, response) => reply(response, 200, { ok: true }));
    const answers = await Promise.all(Array.from({ length: 40 }, () => client.request({ path: '/x' })));
    expect(answers).toEqual(Array.from({ length: 40 }, () => ({ ok: true })));
  });

  it.each([
    ['429', 429, 'POST'],
    ['503 with Retry-After', 503, 'POST'],
  ] as const)('comes again after %s', async (_, code, method) => {
    let asked = 0;
    const client = await serve((__, response) =>
      ++asked < 3
        ? reply(response, code, { message: 'later' }, { 'Retry-After': '0' })
        : reply(response, 200, { asked }),
    );
    expect(await client.request({ method, path: '/x', body: {} })).toEqual({ asked: 3 });
  });

  it('reads a rotated token again when the old one is refused', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'cutwater-token-'));
    cleanup.push(() => rm(dir, { recursive: true }));
    const tokenFile = join(dir, 'token');
    await writeFile(tokenFile, 'old-token\n');
    let valid = 'old-token';
    const client = await serve(
      ({ headers }, response) => {
        const known = headers.authorization === `Bearer ${valid}`;
        reply(response, known ? 200 : 401, known ? {} : { message: 'Unauthorized' });
      },
      { tokenFile },
    );
    await client.request({ path: '/x' });
    await writeFile(tokenFile, 'new-token\n');
    valid = 'new-token';
    expect(await client.request({ path: '/x' })).toEqual({});
  });

  it('gets its token from a credential plug-in, which is told what client-go tells', async () => {
    const script = `const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
      console.log(JSON.stringify({ ...info, status: { token: info.kind + process.env.PART } }));`;
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: ['-e', script],
      env: [{ name: 'PART', value: '-7' }],
    };
    const client = await serve(({ headers }, response) => reply(response, 200, { got: headers.authorization }), {
      exec,
    });
    expect(await client.request({ path: '/x' })).toEqual({ got: 'Bearer ExecCredential-7' });
  });

  it('waits for a credential plug-in that hangs no longer than the request may take', async () => {
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: ['-e', 'process.stdin.resume()'],
    };
    const client = await serve((_, response) => reply(response, 200, {}), { exec });
    const error = await client.request({ path: '/x', timeoutMs: 20 }).catch((thrown: unknown) => thrown);
    expect(hasCode(error, 'transient')).toBe(true);
    expect(messageOf(error)).toBe('the request was ended while waiting for credentials');
  });

  it.each<[string, KubeUser, Record<string, string>]>([
    [
      'basic',
      { username: 'me', password: 'pass' },
      { authorization: `Basic ${Buffer.from('me:pass').toString('base64')}` },
    ],
    [
      'impersonation',
      { token: 'abcd', as: 'you', 'as-groups': ['g'] },
      { 'impersonate-user': 'you', 'impersonate-group': 'g' },
    ],
  ])('sends %s headers', async (_, user, expected) => {
    const client = await serve(({ headers }, response) => reply(response, 200, headers), user);
    expect(await client.request({ path: '/x' })).toMatchObject(expected);
  });

  it('waits on a dead line once, and opens the other connections anew', async () => {
    const dead = new Set<unknown>();
    let silent = 0;
    const client = await serve(({ socket, url }, response) => {
      if (dead.has(socket)) silent += 1;
      else if (url !== '/together') reply(response, 200, {});
      else if (waiting.push(() => reply(response, 200, {})) === 3) {
        for (const answer of waiting) answer();
      }
      sockets.add(socket);
    });
    const waiting: (() => void)[] = [];
    const sockets = new Set<unknown>();
    await Promise.all(Array.from({ length: 3 }, () => client.request({ path: '/together' })));
    for (const socket of sockets) dead.add(socket);
    await expect(client.request({ path: '/x', timeoutMs: 50 })).rejects.toThrow('the request was ended');
    for (let times = 0; times < 3; times += 1)
      expect(await client.request({ path: '/x', timeoutMs: 5_000 })).toEqual({});
    expect(silent).toBe(1);
  });

  it('sends again at once what waits on a line that is said to be dead', async () => {
    let dead: unknown;
    const held = Promise.withResolvers<void>();
    const client = await serve(({ socket }, response) => {
      if (dead === socket) return held.resolve();
      reply(response, 200, {});
      dead ??= socket;
    });
    await client.request({ path: '/x' });
    const waiting = client.request({ path: '/x' });
    await held.promise;
    client.distrust();
    expect(await waiting).toEqual({});
  });

  it('says where it could not connect', async () => {
    const client = createKubeClient({ server: 'http://127.0.0.1:1', skipVerify: false, user: {} });
    const error = await client.request({ path: '/x' }).catch((thrown: unknown) => thrown);
    expect(hasCode(error, 'transient')).toBe(true);
    expect(messageOf(error)).toMatch(/^http:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/);
  });
});
