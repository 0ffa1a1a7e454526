import { describe, expect, it } from 'vitest';
import { CutwaterError } from '../errors.ts';
import { createLogger } from '../log.ts';
import type { KubeClient } from './client.ts';
import { leadWhile } from './lease.ts';

interface Lease {
  metadata: { resourceVersion?: string };
  spec: { holderIdentity?: string; leaseDurationSeconds?: number; leaseTransitions?: number; renewTime?: string };
}

/** An API server that knows one Lease, with optimistic concurrency. `before` may hold a request up, or throw for it. */
class Leases {
  lease: Lease | undefined;
  private version = 0;

  client(before: (method: string, signal: AbortSignal) => Promise<void> | void = () => {}): KubeClient {
    return {
      server: 'http://api',
      request: async <T>({ method = 'GET', body, signal, timeoutMs = 0 }: Parameters<KubeClient['request']>[0]) => {
        const limit = AbortSignal.timeout(timeoutMs);
        await before(method, signal ? AbortSignal.any([signal, limit]) : limit);
        return this.answer(method, body as Lease | undefined) as T;
      },
      open: () => Promise.reject(new Error('nothing is watched')),
      distrust() {},
      close() {},
    };
  }

  private answer(method: string, body: Lease | undefined): Lease {
    if (method === 'POST' && this.lease) throw new CutwaterError('conflict', 'it is there already');
    if (method !== 'POST' && !this.lease) throw new CutwaterError('not-found', 'there is none');
    if (method === 'PUT' && body?.metadata.resourceVersion !== this.lease?.metadata.resourceVersion)
      throw new CutwaterError('conflict', 'somebody was faster');
    if (body) {
      this.version += 1;
      this.lease = { ...body, metadata: { ...body.metadata, resourceVersion: String(this.version) } };
    }
    return structuredClone(this.lease as Lease);
  }
}

/** What a hung connection does: nothing, until it is given up. */
function hangs(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new CutwaterError('transient', 'ended')), { once: true });
  });
}

/** A replica that notes when it works. `work`: what it does from when it is to end until it has. */
function replica(
  identity: string,
  told: string[],
  client: KubeClient,
  { work = async () => {}, renewMs = 300 }: { work?: () => Promise<void>; renewMs?: number } = {},
) {
  const abort = new AbortController();
  const run = leadWhile(
    {
      client,
      namespace: 'prow',
      name: 'lock',
      identity,
      log: createLogger('test', 'silent'),
      leaseMs: 1_000,
      renewMs,
      retryMs: 10,
    },
    abort.signal,
    async (signal) => {
      told.push(`${identity} begins`);
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      await work();
      told.push(`${identity} ends`);
    },
  );
  run.catch(() => told.push(`${identity} fails`));
  return {
    run,
    async stop() {
      abort.abort();
      await run;
    },
  };
}

const times = (told: string[], what: string) =>
  expect.poll(() => told.filter((one) => one === what).length, { timeout: 10_000 });

describe('a lease', () => {
  it('lets one of those that come together work, and the next as soon as that one stops', async () => {
    const leases = new Leases();
    const told: string[] = [];
    const replicas = ['one', 'two', 'three'].map((identity) => replica(identity, told, leases.client()));
    await expect.poll(() => told).toHaveLength(1);
    expect(leases.lease?.spec).toMatchObject({ leaseDurationSeconds: 1, leaseTransitions: 0 });
    const first = told[0]?.split(' ')[0] ?? '';
    await replicas[['one', 'two', 'three'].indexOf(first)]?.stop();
    await expect.poll(() => told).toEqual([`${first} begins`, `${first} ends`, expect.stringMatching(/ begins$/)]);
    expect(leases.lease?.spec).toMatchObject({ leaseTransitions: 1 });
    await Promise.all(replicas.map((each) => each.stop()));
    expect(leases.lease?.spec.holderIdentity).toBe('');
    expect(told.map((line) => line.split(' ')[1])).toEqual(
      Array.from({ length: told.length }, (_, index) => (index % 2 ? 'ends' : 'begins')),
    );
  });

  it.each<[string, (signal: AbortSignal) => Promise<void>]>([
    ['does not answer', hangs],
    ['refuses', () => Promise.reject(new CutwaterError('transient', 'no'))],
  ])('that cannot be renewed since the API server %s ends the work before another begins', async (_, fault) => {
    const leases = new Leases();
    const told: string[] = [];
    let away = false;
    const one = replica(
      'one',
      told,
      leases.client((__, signal) => (away ? fault(signal) : undefined)),
    );
    await times(told, 'one begins').toBe(1);
    away = true;
    const two = replica('two', told, leases.client());
    await times(told, 'two begins').toBe(1);
    expect(told).toEqual(['one begins', 'one ends', 'two begins']);
    away = false;
    await Promise.all([one.stop(), two.stop()]);
  });

  it('that was deleted and made anew by another ends the work of the first', async () => {
    const leases = new Leases();
    const told: string[] = [];
    let held: PromiseWithResolvers<void> | undefined;
    const one = replica(
      'one',
      told,
      leases.client(() => held?.promise),
    );
    await times(told, 'one begins').toBe(1);
    held = Promise.withResolvers();
    leases.lease = undefined;
    const two = replica('two', told, leases.client());
    await times(told, 'two begins').toBe(1);
    held.resolve();
    await times(told, 'one ends').toBe(1);
    expect(leases.lease).toMatchObject({ spec: { holderIdentity: 'two' } });
    await Promise.all([one.stop(), two.stop()]);
  });

  it('that is gone ends the work at once, whoever may have it next', async () => {
    const leases = new Leases();
    const told: string[] = [];
    const one = replica('one', told, leases.client(), { renewMs: 3_600_000 });
    await times(told, 'one begins').toBe(1);
    leases.lease = undefined;
    await times(told, 'one ends').toBe(1);
    await one.stop();
  });

  it('is given up also where a renewal is under way when its holder stops', async () => {
    const leases = new Leases();
    const told: string[] = [];
    const held = Promise.withResolvers<void>();
    const underWay = Promise.withResolvers<void>();
    const plain = leases.client();
    const one = replica('one', told, {
      ...plain,
      // Written it is, but the answer is slow.
      async request<T>(request: Parameters<KubeClient['request']>[0]) {
        const answer = await plain.request<T>(request);
        if (request.method !== 'PUT') return answer;
        underWay.resolve();
        const { signal } = request;
        await (signal ? Promise.race([held.promise, hangs(signal)]) : held.promise);
        return answer;
      },
    });
    await underWay.promise;
    const stopped = one.stop();
    await times(told, 'one ends').toBe(1);
    held.resolve();
    await stopped;
    expect(leases.lease?.spec.holderIdentity).toBe('');
  });

  it('whose holder does not end its work in time is told so', async () => {
    const leases = new Leases();
    const told: string[] = [];
    let away = false;
    const never = new Promise<void>(() => {});
    const one = replica(
      'one',
      told,
      leases.client((_, signal) => (away ? hangs(signal) : undefined)),
      { work: () => never },
    );
    await times(told, 'one begins').toBe(1);
    away = true;
    await expect(one.run).rejects.toThrow('work went on after the lease lock was lost');
  });

  it("is held for as long as it says from when it was seen, whatever its holder's clock", async () => {
    const leases = new Leases();
    const spec = { holderIdentity: 'gone', leaseDurationSeconds: 0.2, renewTime: '1970-01-01T00:00:00.000000Z' };
    leases.lease = { metadata: { resourceVersion: '0' }, spec };
    const told: string[] = [];
    let looks = 0;
    const one = replica(
      'one',
      told,
      leases.client((method) => {
        if (method === 'GET') looks += 1;
      }),
    );
    await times(told, 'one begins').toBe(1);
    expect(looks).toBeGreaterThan(1);
    await one.stop();
  });
});
