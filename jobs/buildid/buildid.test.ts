import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../core/log.ts';
import { Counters } from './counters.ts';
import { serveTot } from './server.ts';
import { snowflakes } from './snowflake.ts';
import { vend } from './tot.ts';

describe('snowflakes', () => {
  it('look like those of Prow: 19 digits, node 1, the time in the upper bits', () => {
    const id = snowflakes(() => Date.parse('2026-11-21T00:00:00Z'))();
    expect(id).toMatch(/^\d{19}$/);
    expect((BigInt(id) >> 12n) & 1023n).toBe(1n);
    expect(Number((BigInt(id) >> 22n) + 1_288_834_974_657n)).toBe(Date.parse('2026-11-21T00:00:00Z'));
  });

  it('are unique and increase, also within a millisecond and when the clock goes back', () => {
    let time = Date.parse('2026-11-21T00:00:00Z');
    const next = snowflakes(() => time);
    const ids = Array.from({ length: 10_000 }, (_, n) => {
      if (n === 6_000) time -= 60_000;
      return BigInt(next());
    });
    expect(ids.every((id, n) => n === 0 || id > (ids[n - 1] ?? id))).toBe(true);
  });
});

describe('tot', () => {
  let folder: string;
  let server: ReturnType<typeof createServer>;
  let url: string;
  const path = () => join(folder, 'tot.json');
  async function start(): Promise<void> {
    const counters = await Counters.open(path(), async (job) => (job === 'known' ? 41 : 0));
    const log = createLogger('tot', 'silent');
    server = createServer((request, response) => void serveTot(request, response, { counters, log }));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tot-'));
    await start();
  });
  afterEach(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });

  it('counts a job up, side by side too, and goes on after a restart', async () => {
    expect((await Promise.all([vend(url, 'unit'), vend(url, 'unit'), vend(url, 'other')])).sort()).toEqual([
      '1',
      '1',
      '2',
    ]);
    server.close();
    await start();
    expect(await vend(`${url}/`, 'unit')).toBe('3');
    expect(JSON.parse(await readFile(path(), 'utf8'))).toEqual({ Number: { unit: 3, other: 1 } });
  });

  it('goes on from what the fallback knows', async () => {
    expect(await vend(url, 'known')).toBe('42');
  });

  it('sets by POST, looks by HEAD, refuses what is not a number', async () => {
    const at = (init: RequestInit) => fetch(`${url}/vend/ci%2Funit`, init).then((response) => response.status);
    expect(await at({ method: 'POST', body: '9' })).toBe(200);
    expect(await at({ method: 'POST', body: 'nine' })).toBe(400);
    expect(await at({ method: 'HEAD' })).toBe(200);
    expect(await vend(url, 'ci/unit')).toBe('10');
    expect((await fetch(`${url}/other`)).status).toBe(404);
  });

  it('a file that can not be read is told by name', async () => {
    await writeFile(path(), '{');
    await expect(Counters.open(path())).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining(path()),
    });
  });

  it('is asked ten times', async () => {
    let asked = 0;
    const fetch = async () => {
      asked += 1;
      return new Response('', { status: 503 });
    };
    await expect(vend(url, 'unit', { fetch, firstPause: 0 })).rejects.toMatchObject({ code: 'transient' });
    expect(asked).toBe(10);
  });
});
