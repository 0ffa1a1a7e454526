import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nock from 'nock';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gap } from '../gaps/gap.ts';
import { DEFAULT_RETENTION, POISON_LIMITS } from '../inbox/open.ts';
import { openSqliteStore } from '../inbox/sqlite/client.ts';
import type { InboxStore } from '../inbox/store.ts';
import { fixedSecret } from '../secrets/secret.ts';
import { createGitHub, type GitHub } from './github.ts';
import { hookOf } from './hook-book.ts';
import { createRedelivery, type Redelivery } from './redelivery.ts';
import { type DeliveryAttempt, failedDeliveries } from './redelivery-rules.ts';

const API = 'https://github.test';
const log = pino({ level: 'silent' });
const headers = (type: string) => ({ 'x-github-hook-id': '1', 'x-github-hook-installation-target-type': type });
const body = { organization: { login: 'acme' }, repository: { full_name: 'acme/x', owner: { login: 'acme' } } };

function attempt(id: number, guid: string, status_code: number, ageMs = 60_000, status = 'x'): DeliveryAttempt {
  return { id, guid, status_code, status, delivered_at: new Date(Date.now() - ageMs).toISOString(), repository_id: 9 };
}

describe('what has failed', () => {
  const rows: [string, DeliveryAttempt[], number[]][] = [
    ['answered 200', [attempt(1, 'a', 200)], []],
    ['answered 500', [attempt(1, 'a', 500)], [1]],
    ['nobody there', [attempt(1, 'a', 0)], [1]],
    ['perhaps under way', [attempt(1, 'a', 0, 1000)], []],
    ['listed as pending', [attempt(1, 'a', 0, 60_000, 'pending')], []],
    ['failed and then arrived', [attempt(2, 'a', 200), attempt(1, 'a', 502)], []],
    ['failed twice: the last attempt', [attempt(2, 'a', 502), attempt(1, 'a', 502)], [2]],
    ['failed and on its way again', [attempt(2, 'a', 0, 10), attempt(1, 'a', 502)], []],
    ['several: the oldest first', [attempt(3, 'c', 502), attempt(2, 'b', 200), attempt(1, 'a', 502)], [1, 3]],
  ];
  it.each(rows)('%s', (_name, attempts, ids) => {
    expect(failedDeliveries(attempts, Date.now()).map(({ id }) => id)).toEqual(ids);
  });

  it('may be any that a tunnel took, once it can have arrived', () => {
    const attempts = [attempt(1, 'a', 200), attempt(2, 'b', 200, 1000), attempt(3, 'c', 502)];
    expect(failedDeliveries(attempts, Date.now(), true).map(({ id }) => id)).toEqual([1, 3]);
  });
});

describe('the webhook that a delivery came from', () => {
  const rows: [string, object, string | undefined][] = [
    ['integration', body, '/app/hook'],
    ['organization', body, '/orgs/acme/hooks/1'],
    ['repository', { repository: body.repository }, '/repos/acme/x/hooks/1'],
    ['organization', {}, undefined],
    ['business', body, undefined],
  ];
  it.each(rows)('%s', (type, payload, path) => {
    expect(hookOf({ headers: headers(type), body: payload })?.path).toBe(path);
  });
});

describe('asking again', () => {
  let folder: string;
  let github: GitHub;
  let store: InboxStore;
  let gaps: Gap[];
  let diskIsFull = false;
  const open = (): Redelivery => createRedelivery({ github, store, onGap: note, log, registry: new Registry() });
  async function note(gap: Gap): Promise<void> {
    if (diskIsFull) throw new Error('no space left on device');
    gaps.push(gap);
  }
  /** Hears of the organisation's webhook. */
  async function heard(redelivery = open()): Promise<Redelivery> {
    redelivery.note({ headers: headers('organization'), body });
    await expect.poll(() => store.notes.facts(':hooks-heard')).toHaveLength(1);
    return redelivery;
  }
  const daysAgo = (days: number): number => Date.now() - days * 24 * 3_600_000;
  /** The webhook, known for long, and looked through the last time so many days ago. */
  async function sweptBefore(days: number, heardDays = 0): Promise<void> {
    const progress = { owner: 'acme', firstAt: daysAgo(30), sweptAt: daysAgo(days) };
    const fact = { field: '/orgs/acme/hooks/1', told: true };
    await store.notes.remember([
      { ...fact, key: ':hooks', value: JSON.stringify(progress), at: 0 },
      { ...fact, key: ':hooks-heard', value: String(daysAgo(heardDays)), at: 0 },
    ]);
  }

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hooks-'));
    store = await openSqliteStore(join(folder, 'inbox.db'), { retention: DEFAULT_RETENTION, poison: POISON_LIMITS });
    gaps = [];
    nock.disableNetConnect();
    github = createGitHub({
      auth: { token: fixedSecret('t0ken') },
      endpoints: [API],
      retry: { initialDelayMs: 1 },
      log,
      registry: new Registry(),
    });
  });
  afterEach(async () => {
    github.close();
    await store.close();
    rmSync(folder, { recursive: true });
    const unused = nock.pendingMocks();
    nock.cleanAll();
    expect(unused).toEqual([]);
  });

  const list = '/orgs/acme/hooks/1/deliveries?per_page=100';
  const asked = (id: number) => nock(API).post(`/orgs/acme/hooks/1/deliveries/${id}/attempts`).reply(202, {});

  it('asks, across pages, for what failed and is not in the inbox; after a restart too', async () => {
    await heard();
    const stored = { delivery: 'stored', key: 'k', event: 'ping', headers: '{}', receivedAt: 1 };
    await store.put({ ...stored, payload: Buffer.from('{}') }, false);
    const next = `<${API}/orgs/acme/hooks/1/deliveries?per_page=100&cursor=5>; rel="next"`;
    nock(API)
      .get(list)
      .reply(200, [attempt(9, 'lost', 502), attempt(8, 'stored', 500)], { link: next });
    nock(API)
      .get(`${list}&cursor=5`)
      .reply(200, [attempt(4, 'fine', 200), attempt(3, 'gone', 0)]);
    asked(3);
    asked(9);
    expect(await open().sweep()).toBe(2);
  });

  it('looks no further back than the last sweep, and a little more', async () => {
    const redelivery = await heard();
    nock(API).get(list).reply(200, []);
    await redelivery.sweep();
    const next = `<${API}/orgs/acme/hooks/1/deliveries?cursor=1>; rel="next"`;
    nock(API)
      .get(list)
      .reply(200, [attempt(2, 'new', 502), attempt(1, 'old', 502, 3_600_000)], { link: next });
    asked(2);
    expect(await redelivery.sweep()).toBe(1);
  });

  it("goes by GitHub's clock, and is not led astray by one that was set back", async () => {
    await sweptBefore(-1);
    const redelivery = open();
    const hourAgo = new Date(Date.now() - 3_600_000).toUTCString();
    nock(API).get(list).reply(200, [], { date: hourAgo });
    await redelivery.sweep();
    nock(API)
      .get(list)
      .reply(200, [attempt(1, 'a', 502, 3_590_000)]);
    asked(1);
    expect(await redelivery.sweep()).toBe(1);
  });

  it('does not ask for ever', async () => {
    const redelivery = await heard();
    for (let sweep = 1; sweep <= 6; sweep++) {
      nock(API)
        .get(list)
        .reply(200, [attempt(sweep, 'bad', 403)]);
      if (sweep < 6) asked(sweep);
      expect(await redelivery.sweep()).toBe(sweep < 6 ? 1 : 0);
    }
  });

  it('looks again from the same time after a sweep that failed', async () => {
    const redelivery = await heard();
    nock(API)
      .get(list)
      .reply(200, [attempt(1, 'a', 502, 1_800_000)]);
    nock(API).post('/orgs/acme/hooks/1/deliveries/1/attempts').reply(422, {});
    expect(await redelivery.sweep()).toBe(0);
    nock(API)
      .get(list)
      .reply(200, [attempt(1, 'a', 502, 1_800_000)]);
    asked(1);
    expect(await redelivery.sweep()).toBe(1);
  });

  it('tells of the time that GitHub holds nothing of any more, when what it does hold has arrived', async () => {
    await sweptBefore(5);
    const redelivery = open();
    nock(API)
      .get(list)
      .reply(200, [attempt(1, 'a', 502, 3_600_000)]);
    asked(1);
    expect(await redelivery.sweep()).toBe(1);
    expect(gaps).toEqual([]);
    nock(API)
      .get(list)
      .reply(200, [attempt(2, 'a', 200, 1000), attempt(1, 'a', 502, 3_600_000)]);
    await redelivery.sweep();
    const [gap] = gaps;
    expect(
      [gap?.since, gap?.until].map((at) => Math.round(((Date.now() - (at ?? 0)) / 3_600_000 / 24) * 10) / 10),
    ).toEqual([5, 3]);
    nock(API).get(list).reply(200, []);
    await redelivery.sweep();
    expect(gaps).toHaveLength(1);
  });

  it('tells of deliveries that it asked for in vain, once', async () => {
    const redelivery = await heard();
    for (let sweep = 1; sweep <= 7; sweep++) {
      nock(API)
        .get(list)
        .reply(200, [attempt(sweep, 'bad', 403, 0)]);
      if (sweep < 6) asked(sweep);
      await redelivery.sweep();
    }
    expect(gaps).toMatchObject([{ hook: '/orgs/acme/hooks/1', repository: 9 }]);
  });

  it('asks again where GitHub took the first request and sent nothing', async () => {
    await sweptBefore(0.5);
    const redelivery = open();
    for (let sweep = 1; sweep <= 2; sweep++) {
      nock(API)
        .get(list)
        .reply(200, [attempt(1, 'a', 502, 3_600_000)]);
      asked(1);
      expect(await redelivery.sweep()).toBe(1);
    }
    await store.put(
      { delivery: 'a', key: 'k', event: 'ping', headers: '{}', receivedAt: 1, payload: Buffer.of() },
      false,
    );
    nock(API)
      .get(list)
      .reply(200, [attempt(1, 'a', 502, 3_600_000)]);
    expect(await redelivery.sweep()).toBe(0);
  });

  it('looks through the repository of a delivery that GitHub will not send again, and asks for the others', async () => {
    await sweptBefore(0.5, 8);
    const redelivery = open();
    nock(API)
      .get(list)
      .reply(200, [attempt(2, 'b', 502, 3_600_000), attempt(1, 'a', 502, 3_600_000)]);
    nock(API).post('/orgs/acme/hooks/1/deliveries/1/attempts').reply(404, { message: 'Not Found' });
    asked(2);
    expect(await redelivery.sweep()).toBe(1);
    expect(gaps).toMatchObject([{ repository: 9, why: expect.stringContaining('do not arrive') }]);
    nock(API)
      .get(list)
      .reply(200, [attempt(3, 'b', 200, 0), attempt(1, 'a', 502, 3_600_000)]);
    await redelivery.sweep();
    expect(gaps).toHaveLength(1);
  });

  it('tells of a gap again that could not be written down', async () => {
    const redelivery = await heard();
    for (let sweep = 1; sweep <= 5; sweep++) {
      nock(API)
        .get(list)
        .reply(200, [attempt(sweep, 'bad', 403, 0)]);
      asked(sweep);
      await redelivery.sweep();
    }
    nock(API)
      .get(list)
      .times(2)
      .reply(200, [attempt(5, 'bad', 403, 0)]);
    diskIsFull = true;
    await redelivery.sweep();
    diskIsFull = false;
    await redelivery.sweep();
    expect(gaps).toHaveLength(1);
  });

  it('keeps a webhook that was silent because we were away for long', async () => {
    await sweptBefore(8, 8);
    nock(API).get(list).reply(404, { message: 'Not Found' });
    await open().sweep();
    expect(gaps).toHaveLength(1);
    expect(await store.notes.facts(':hooks')).toHaveLength(1);
  });

  it('takes all for a gap where it may not see the deliveries, and leaves it alone for a while', async () => {
    await sweptBefore(0.5);
    const redelivery = open();
    nock(API).get(list).reply(404, { message: 'Not Found' });
    await redelivery.sweep();
    await redelivery.sweep();
    expect(gaps).toMatchObject([{ why: 'GitHub does not show the deliveries of this webhook' }]);
  });

  it('forgets a webhook that is silent and that GitHub does not show', async () => {
    await sweptBefore(0.5, 8);
    nock(API).get(list).reply(404, { message: 'Not Found' });
    await open().sweep();
    expect([gaps, await store.notes.facts(':hooks')]).toEqual([[], []]);
  });

  it('is none of what was before the webhook was heard of', async () => {
    const redelivery = await heard();
    nock(API).get(list).reply(404, { message: 'Not Found' });
    await redelivery.sweep();
    expect(gaps[0]?.since).toBeGreaterThan(Date.now() - 60_000);
  });
});
