import { afterAll, expect, onTestFinished, test } from 'vitest';
import { startPostgres } from '../../core/inbox/postgres/testing.ts';
import { startBalancer } from './support/balancer.ts';
import { openStage } from './support/stage.ts';

const PULLS = [42, 43, 44];
const SHRUG = '¯\\\\_(ツ)_/¯';

const postgres = await startPostgres();
afterAll(() => postgres?.remove());

test.skipIf(!postgres)(
  'what replicas have for a plugin that is away reaches it in order and once, also when one of them is killed',
  { timeout: 180_000 },
  async () => {
    const stage = await openStage({
      config: 'plugins: {acme: [hold]}',
      flags: [`--database-url=${postgres?.url}`],
      external: { shrug: [] },
    });
    onTestFinished(() => stage.close());
    const other = await stage.another('other');
    onTestFinished(async () => void (await other.stop()));
    await other.start();
    const balancer = await startBalancer([stage.product.url, other.url]);
    onTestFinished(() => balancer.close());
    stage.sandbox.sendWebhooksTo(`${balancer.url}/hook`);

    async function say(body: string): Promise<void> {
      for (const number of PULLS) stage.comment('alice', number, body);
      await stage.sandbox.idle();
    }
    const shrugs = (number: number) =>
      stage.sandbox.world.events
        .in(stage.pull(number).id)
        .filter(({ event, data }) => event.endsWith('labeled') && JSON.stringify(data).includes(SHRUG))
        .map(({ event }) => event);

    await stage.external.shrug?.kill();
    for (const body of ['/shrug', '/unshrug', '/shrug', '/unshrug', '/shrug']) await say(body);
    await say('/hold');
    await stage.until(() => PULLS.every((number) => stage.labels(number).includes('do-not-merge/hold')));
    await stage.product.kill();
    for (const number of PULLS) stage.comment('alice', number, '/unshrug');
    await stage.external.shrug?.start();
    await stage.until(() => PULLS.every((number) => shrugs(number).length === 6));
    const turns = Array.from({ length: 6 }, (_, index) => (index % 2 ? 'unlabeled' : 'labeled'));
    expect(PULLS.map(shrugs)).toEqual(PULLS.map(() => turns));
  },
);
