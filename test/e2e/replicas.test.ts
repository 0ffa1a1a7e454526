import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startPostgres } from '../../core/inbox/postgres/testing.ts';
import { startBalancer } from './support/balancer.ts';
import type { Product } from './support/product.ts';
import { openStage, type Stage } from './support/stage.ts';

const CONFIG = `
plugins:
  acme: [hold, label]
`;
const PULLS = [42, 43, 44];
const HOLD = 'do-not-merge/hold';

const postgres = await startPostgres();
afterAll(() => postgres?.remove());

describe.skipIf(!postgres)('two replicas of hook with one PostgreSQL', { timeout: 180_000 }, () => {
  let stage: Stage;
  let other: Product;
  let balancer: Awaited<ReturnType<typeof startBalancer>>;

  beforeEach(async () => {
    const flags = [`--database-url=${postgres?.url}`];
    stage = await openStage({ config: CONFIG, flags });
    other = await stage.another('other');
    await other.start();
    balancer = await startBalancer([stage.product.url, other.url]);
    stage.sandbox.sendWebhooksTo(`${balancer.url}/hook`);
  });
  afterEach(async () => {
    await other.stop();
    await balancer.close();
    await stage.close();
  });

  /** Everybody says it on every pull request; resolves when each webhook is answered. */
  async function say(body: string): Promise<void> {
    for (const number of PULLS) stage.comment('alice', number, body);
    await stage.sandbox.idle();
  }

  /** What became of the label, oldest first. */
  const holds = (number: number) =>
    stage.sandbox.world.events
      .in(stage.pull(number).id)
      .filter(({ event, data }) => event.endsWith('labeled') && JSON.stringify(data).includes(HOLD))
      .map(({ event }) => event);

  test('do each command once, in its order, also when one of them is killed', async () => {
    for (let round = 0; round < 3; round++) {
      await say('/hold');
      await say('/hold cancel');
    }
    await say('/hold');
    await stage.product.kill();
    for (const number of PULLS) stage.comment('alice', number, '/hold cancel');
    await stage.until(() => PULLS.every((number) => holds(number).length === 8));
    const turns = Array.from({ length: 8 }, (_, index) => (index % 2 ? 'unlabeled' : 'labeled'));
    expect(PULLS.map(holds)).toEqual(PULLS.map(() => turns));
    await stage.product.start();
    await say('/kind nothing');
    await stage.until(() => PULLS.every((number) => stage.answers(number).length === 1));
  });

  test('refuse what they can not keep while the database is away, and have it done when it is back', async () => {
    await say('/hold');
    await stage.until(() => PULLS.every((number) => stage.labels(number).includes(HOLD)));
    await postgres?.kill();
    await say('/hold cancel');
    const refused = stage.sandbox.world.deliveries.all().filter(({ statusCode }) => statusCode === 500);
    expect(refused.length).toBeGreaterThanOrEqual(PULLS.length);
    await postgres?.start();
    await stage.until(() => PULLS.every((number) => !stage.labels(number).includes(HOLD)));
    expect(PULLS.map(holds)).toEqual(PULLS.map(() => ['labeled', 'unlabeled']));
  });
});
