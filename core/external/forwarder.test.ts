import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { CutwaterError } from '../errors.ts';
import { createForwarder } from './forwarder.ts';
import { createForwardMetrics } from './metrics.ts';
import { OUTBOX_LIMITS } from './open.ts';
import type { ForwarderOptions } from './options.ts';
import { configOf, entryOf } from './testing.ts';
import { outboxBackends } from './testing-backends.ts';

const AWAY = new CutwaterError('transient', 'not reachable');
const REFUSED = new CutwaterError('invalid', 'answered 400');
const backends = await outboxBackends();
afterAll(() => Promise.all(backends.map((backend) => backend.remove())));

describe.each(backends)('with letters in $name', (backend) => {
  beforeEach(() => backend.fresh());

  /** Two plugins, `a` and `b`; `answer` may throw for what is sent to one. */
  async function world(answer: (endpoint: string, delivery: string) => void | Promise<void> = () => undefined) {
    const sent: string[] = [];
    const registry = new Registry();
    const outbox = await backend.open(OUTBOX_LIMITS);
    const places = {
      o: ['a', 'b'].map((name) => ({ name, endpoint: `http://${name}`, events: [] as string[] })),
    };
    const options: ForwarderOptions = {
      outbox,
      config: () => configOf(places),
      metrics: createForwardMetrics(registry, () => outbox.counts()),
      log: pino({ level: 'silent' }),
      firstPauseMs: 1,
      async send({ endpoint, headers }) {
        const delivery = headers['x-github-delivery'] ?? '';
        await answer(endpoint, delivery);
        sent.push(`${new URL(endpoint).hostname} ${delivery}`);
      },
    };
    return { sent, registry, outbox, places, forwarder: createForwarder(options) };
  }

  test('an event that no plugin inside knows reaches every external one, once', async () => {
    const { forwarder, sent, registry } = await world();
    forwarder.start();
    await forwarder.forward(entryOf('d1', 1, 'workflow_run'));
    await forwarder.forward(entryOf('d1', 1, 'workflow_run'));
    await forwarder.forward(entryOf('d2', 1, 'workflow_run', 'elsewhere/r'));
    await expect.poll(() => sent).toHaveLength(2);
    await forwarder.close(1000);
    expect(sent.sort()).toEqual(['a d1', 'b d1']);
    expect(await registry.getSingleMetricAsString('cutwater_external_plugin_events')).toContain(
      'cutwater_external_plugin_events{plugin="a",outcome="sent"} 1',
    );
  });

  test('a plugin that is away gets its events later, each pull request in order, and holds up no other', async () => {
    let away = true;
    const { forwarder, sent } = await world((endpoint) => {
      if (endpoint === 'http://a' && away) throw AWAY;
    });
    forwarder.start();
    for (const [delivery, number] of [
      ['d1', 1],
      ['d2', 2],
      ['d3', 1],
      ['d4', 2],
    ] as const) {
      await forwarder.forward(entryOf(delivery, number));
    }
    await expect.poll(() => sent).toHaveLength(4);
    expect(sent.every((one) => one.startsWith('b '))).toBe(true);
    away = false;
    await expect.poll(() => sent).toHaveLength(8);
    await forwarder.close(1000);
    for (const pair of [
      ['a d1', 'a d3'],
      ['a d2', 'a d4'],
      ['b d1', 'b d3'],
    ]) {
      expect(sent.filter((one) => pair.includes(one))).toEqual(pair);
    }
  });

  test('what is left at the end is sent after the next start, before what comes then', async () => {
    const before = await world(() => {
      throw AWAY;
    });
    before.forwarder.start();
    await before.forwarder.forward(entryOf('d1', 1));
    await before.forwarder.close(1000);
    const after = await world();
    await after.forwarder.forward(entryOf('d2', 1));
    expect(after.sent).toEqual([]);
    after.forwarder.start();
    await expect.poll(() => after.sent).toHaveLength(4);
    await after.forwarder.close(1000);
    expect(after.sent.filter((one) => one.startsWith('a'))).toEqual(['a d1', 'a d2']);
  });

  test('an event that a plugin refuses is given up and kept, and the next one follows', async () => {
    const { forwarder, sent, outbox, registry } = await world((_endpoint, delivery) => {
      if (delivery === 'd1') throw REFUSED;
    });
    forwarder.start();
    await forwarder.forward(entryOf('d1', 1));
    await forwarder.forward(entryOf('d2', 1));
    await expect.poll(() => sent).toHaveLength(2);
    expect(await outbox.dead(10)).toMatchObject([
      { plugin: 'a', delivery: 'd1', reason: 'answered 400' },
      { plugin: 'b', delivery: 'd1', reason: 'answered 400' },
    ]);
    expect(await registry.getSingleMetricAsString('cutwater_external_plugin_letters')).toContain(
      '{plugin="a",state="dead"} 1',
    );
    await forwarder.close(1000);
  });

  test('what waits goes where the configuration says now', async () => {
    const { forwarder, sent, outbox, places } = await world();
    await forwarder.forward(entryOf('d1', 1));
    places.o = [{ name: 'a', endpoint: 'http://new', events: [] }];
    forwarder.start();
    await expect.poll(() => sent).toEqual(['new d1']);
    await expect.poll(() => outbox.dead(10)).toMatchObject([{ plugin: 'b' }]);
    await forwarder.close(1000);
  });

  test('an event on its way is waited for at the end', async () => {
    let asked = 0;
    const gate = Promise.withResolvers<void>();
    const { forwarder, sent } = await world(() => {
      asked++;
      return gate.promise;
    });
    forwarder.start();
    await forwarder.forward(entryOf('d1', 1));
    await expect.poll(() => asked).toBe(2);
    const closed = forwarder.close(60_000);
    gate.resolve();
    await closed;
    expect(sent.sort()).toEqual(['a d1', 'b d1']);
  });
});
